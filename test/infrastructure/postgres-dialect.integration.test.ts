import knex, { type Knex } from 'knex';
import { afterEach, beforeEach, expect, inject, it, vi } from 'vitest';
import { PostgresDialect } from '../../src/infrastructure/postgres/connection/postgres-dialect.ts';
import { ConnectionFailed } from '../../src/infrastructure/postgres/resilience/errors.ts';
import { TamperingProxy } from '../support/tampering-proxy.ts';

const silent = { warn() {}, error() {}, deprecate() {}, debug() {} };
let database: Knex;

beforeEach(() => {
  const connection = { connectionString: inject('directUrl'), query_timeout: 200 } as Knex.PgConnectionConfig;
  database = knex({ client: PostgresDialect, connection, pool: { min: 0, max: 1 }, log: silent });
});
afterEach(() => database.destroy());

it('does not lend a connection again whose query timed out', async () => {
  const { rows: before } = await database.raw('select pg_backend_pid() as pid');
  await expect(database.raw('select pg_sleep(2)')).rejects.toThrow('Query read timeout');
  const { rows: after } = await database.raw('select pg_backend_pid() as pid');
  expect(after[0].pid).not.toBe(before[0].pid);
});

it('does not lend a connection again whose server is a standby', async () => {
  const { rows: before } = await database.raw('select pg_backend_pid() as pid');
  await database.raw('set default_transaction_read_only = on');
  await expect(database.raw('create table never (id int)')).rejects.toMatchObject({ code: '25006' });
  const { rows: after } = await database.raw('select pg_backend_pid() as pid');
  expect(after[0].pid).not.toBe(before[0].pid);
});

it('does not take a transaction for committed that the server rolled back', async () => {
  const swallowing = database.transaction(async (transaction) => {
    await transaction.raw('select 1 / 0').catch(() => {});
  });
  await expect(swallowing).rejects.toMatchObject({ code: '25P02' });
});

it('commits a transaction in which nothing failed', async () => {
  const answer = await database.transaction((transaction) => transaction.raw('select 1 as one'));
  expect(answer.rows).toEqual([{ one: 1 }]);
});

it('tells an error of connecting from that of a statement', async () => {
  const nowhere = knex({ client: PostgresDialect, connection: 'postgres://nobody@127.0.0.1:1/nothing', log: silent });
  await expect(nowhere.raw('select 1')).rejects.toThrow(ConnectionFailed);
  await nowhere.destroy();
  await expect(database.raw('select nothing')).rejects.not.toThrow(ConnectionFailed);
});

it('does not lend connections any more that are distrusted', async () => {
  const { rows: before } = await database.raw('select pg_backend_pid() as pid');
  (database.client as PostgresDialect).distrust();
  const { rows: after } = await database.raw('select pg_backend_pid() as pid');
  const { rows: again } = await database.raw('select pg_backend_pid() as pid');
  expect(after[0].pid).not.toBe(before[0].pid);
  expect(again[0].pid).toBe(after[0].pid);
});

it('closes a connection of which nobody says where it leads', async () => {
  const mute = (piece: Buffer) => (piece.includes('pg_backend_pid') ? Buffer.alloc(0) : piece);
  const proxy = await TamperingProxy.before(inject('directUrl'), { up: mute });
  const application_name = `nowhere ${Math.random()}`;
  const connection = { connectionString: proxy.url, application_name, query_timeout: 200 } as Knex.PgConnectionConfig;
  const through = knex({ client: PostgresDialect, connection, pool: { min: 0, max: 1 }, log: silent });
  try {
    await expect(through.raw('select 1')).rejects.toThrow(ConnectionFailed);
    await vi.waitFor(async () => {
      const open = await database.raw('select from pg_stat_activity where application_name = ?', [application_name]);
      expect(open.rowCount).toBe(0);
    });
  } finally {
    await through.destroy();
    proxy.close();
  }
});
