import knex, { type Knex } from 'knex';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { PostgresDialect } from '../../src/infrastructure/postgres/connection/postgres-dialect.ts';
import { ConnectionFailed } from '../../src/infrastructure/postgres/resilience/errors.ts';

const silent = { warn() {}, error() {}, deprecate() {}, debug() {} };
let database: Knex;

beforeEach(() => {
  const connection = { connectionString: inject('directUrl'), query_timeout: 200 } as Knex.PgConnectionConfig;
  database = knex({ client: PostgresDialect, connection, pool: { min: 0, max: 1 }, log: silent });
});
afterEach(() => database.destroy());

it('closes a connection whose query timed out', async () => {
  const { rows: before } = await database.raw('select pg_backend_pid() as pid');
  await expect(database.raw('select pg_sleep(2)')).rejects.toThrow('Query read timeout');
  const { rows: after } = await database.raw('select pg_backend_pid() as pid');
  expect(after[0].pid).not.toBe(before[0].pid);
});

it('closes a connection whose server is a standby', async () => {
  const { rows: before } = await database.raw('select pg_backend_pid() as pid');
  await database.raw('set default_transaction_read_only = on');
  await expect(database.raw('create table never (id int)')).rejects.toMatchObject({ code: '25006' });
  const { rows: after } = await database.raw('select pg_backend_pid() as pid');
  expect(after[0].pid).not.toBe(before[0].pid);
});

it('rejects a transaction that the server rolled back at its commit', async () => {
  const swallowing = database.transaction(async (transaction) => {
    await transaction.raw('select 1 / 0').catch(() => {});
  });
  await expect(swallowing).rejects.toMatchObject({ code: '25P02' });
});

it('commits a transaction in which no statement failed', async () => {
  const result = await database.transaction((transaction) => transaction.raw('select 1 as one'));
  expect(result.rows).toEqual([{ one: 1 }]);
});

it('distinguishes a connection error from a statement error', async () => {
  const nowhere = knex({ client: PostgresDialect, connection: 'postgres://nobody@127.0.0.1:1/nothing', log: silent });
  await expect(nowhere.raw('select 1')).rejects.toThrow(ConnectionFailed);
  await nowhere.destroy();
  await expect(database.raw('select nothing')).rejects.not.toThrow(ConnectionFailed);
});
