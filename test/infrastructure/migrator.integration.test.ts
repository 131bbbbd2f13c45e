import { setTimeout as sleep } from 'node:timers/promises';
import knex, { type Knex } from 'knex';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Migrator } from '../../src/infrastructure/postgres/migrations/migrator.ts';
import { migrationDirectory } from '../../src/infrastructure/postgres/migrations/source.ts';
import { emptyDatabase } from '../support/empty-database.ts';

const known = await migrationDirectory.getMigrations([]);
const newest = known.at(-1);

let url: string;
let database: Knex;

const withMigrator = async <T>(use: (migrator: Migrator) => Promise<T>): Promise<T> => {
  const migrator = new Migrator(url);
  return use(migrator).finally(() => migrator.close());
};

const countMigrators = async (): Promise<number> => {
  const { rows } = await database.raw(
    `select pid from pg_stat_activity where datname = current_database() and application_name like '%migrations'`,
  );
  return rows.length;
};

beforeEach(async () => {
  url = await emptyDatabase(onTestFinished);
  database = knex({ client: 'pg', connection: url });
});

afterEach(() => database.destroy());

describe('the migrator', () => {
  it('brings the schema up once when many begin on an empty database', async () => {
    const applied = await Promise.all(Array.from({ length: 8 }, () => withMigrator((migrator) => migrator.up())));

    expect(applied.flat()).toEqual(known);
  });

  it('makes one lock when many find none', async () => {
    await withMigrator((migrator) => migrator.up());
    await database('knex_migrations_lock').del();

    const trials = await database.transaction(async (trx) => {
      // Whoever looks finds none, and nobody can make one before all are here.
      await trx.raw('lock table knex_migrations_lock in exclusive mode');
      const started = Array.from({ length: 4 }, () => withMigrator((migrator) => migrator.up()));
      await vi.waitFor(async () => expect(await countMigrators()).toBeGreaterThanOrEqual(4), { timeout: 5_000 });
      return started;
    });
    await Promise.all(trials);

    expect(await database('knex_migrations_lock')).toEqual([expect.objectContaining({ is_locked: 0 })]);
  });

  it('takes one migration back for each of two that begin at the same time', async () => {
    await withMigrator((migrator) => migrator.up());

    const takenBack = await Promise.all([1, 2].map(() => withMigrator((migrator) => migrator.down())));

    expect(takenBack.flat().sort()).toEqual(known.slice(-2));
  });

  it('tells what is pending without touching the database', async () => {
    expect(await withMigrator((migrator) => migrator.status())).toEqual({ done: [], pending: known });
    expect(await database.schema.hasTable('knex_migrations')).toBe(false);
  });

  it('waits for a lock that another tool holds, and goes on when it is freed', async () => {
    await withMigrator((migrator) => migrator.up());
    await database('knex_migrations_lock').update({ is_locked: 1 });
    const takenBack = withMigrator((migrator) => migrator.down());

    await vi.waitFor(async () => expect(await countMigrators()).toBeGreaterThan(0), { timeout: 10_000 });
    // Time for an attempt or two, of which none may succeed.
    await sleep(300);
    expect(await database('knex_migrations').pluck('name')).toEqual(known);
    await withMigrator((migrator) => migrator.unlock());

    expect(await takenBack).toEqual([newest]);
    // Longer than the migrator waits, so that it says so itself.
  }, 90_000);

  it('finds the lock when it is freed, however long that takes, and makes no second one', async () => {
    await withMigrator((migrator) => migrator.up());
    await database('knex_migrations_lock').update({ is_locked: 1 });
    await database.raw(`
      create function linger() returns trigger language plpgsql as 'begin perform pg_sleep(1); return new; end';
      create trigger linger before insert on knex_migrations_lock for each row execute function linger()`);
    const takenBack = withMigrator((migrator) => migrator.down());
    await vi.waitFor(async () => expect(await countMigrators()).toBeGreaterThan(0), { timeout: 10_000 });

    await withMigrator((migrator) => migrator.unlock());

    expect(await takenBack).toEqual([newest]);
    expect(await database('knex_migrations_lock')).toEqual([expect.objectContaining({ is_locked: 0 })]);
  }, 90_000);

  it('is let in again by `unlock` where another tool has made two locks', async () => {
    await withMigrator((migrator) => migrator.up());
    await database('knex_migrations_lock').insert([{ is_locked: 0 }, { is_locked: 1 }]);

    await withMigrator((migrator) => migrator.unlock());

    expect(await database('knex_migrations_lock')).toEqual([expect.objectContaining({ is_locked: 0 })]);
    expect(await withMigrator((migrator) => migrator.down())).toEqual([newest]);
  }, 90_000);

  it('has nothing to free on an empty database', async () => {
    await withMigrator((migrator) => migrator.unlock());

    expect(await database.schema.hasTable('knex_migrations_lock')).toBe(false);
  });
});
