import { setTimeout as sleep } from 'node:timers/promises';
import knex, { type Knex } from 'knex';
import { isRefusalOfPooler, migrationConfig, PoolerInTheWay } from './migration-config.ts';
import { migrationDirectory } from './source.ts';

/** How long to wait for another process that is migrating the same database. */
const LOCK_PATIENCE_MS = 60_000;
const LOCK_POLL_MS = 100;

/** Any number that no other program uses as an advisory lock in the same database. */
const LOCK_KEY = 7_205_912_634;

const LOCKED =
  'Another process is migrating this database. If there is none, one was killed: `npm run migrate unlock` frees its lock.';

class MigrationsLocked extends Error {
  override readonly name = 'MigrationsLocked';
}

export interface MigrationStatus {
  readonly done: readonly string[];
  readonly pending: readonly string[];
}

/** Brings the schema of one database forward and back. Safe to run by several processes at once. */
export class Migrator {
  readonly #knex: Knex;

  /** @throws {PoolerInTheWay} */
  constructor(url: string) {
    this.#knex = knex(migrationConfig(url));
  }

  /** @returns the names of the migrations that were applied */
  up(): Promise<string[]> {
    return this.#exclusively(() => this.#knex.migrate.latest());
  }

  /** Takes the newest migration back. @returns its name, or nothing when none was applied */
  down(): Promise<string[]> {
    return this.#exclusively(() => this.#knex.migrate.down());
  }

  /** Changes nothing, not even on an empty database. */
  async status(): Promise<MigrationStatus> {
    const known = await migrationDirectory.getMigrations([]);
    const isMigrated = await this.#knex.schema.withSchema('public').hasTable('knex_migrations').catch(explain);
    const done: string[] = isMigrated ? await this.#knex('public.knex_migrations').orderBy('id').pluck('name') : [];
    return { done, pending: known.filter((name) => !done.includes(name)) };
  }

  /**
   * For the time after a migrator was killed in the middle of a migration that runs outside a transaction. Not Knex's own
   * way, which takes the row away and makes another: who waits finds none for a moment, and makes one too. Two are a lock
   * that nobody ever gets, so what is too many is removed.
   */
  async unlock(): Promise<void> {
    const isMade = await this.#knex.schema.withSchema('public').hasTable('knex_migrations_lock').catch(explain);
    if (!isMade) return;
    const lock = () => this.#knex('public.knex_migrations_lock');
    await lock().where('index', '>', lock().min('index')).del();
    await lock().update({ is_locked: 0 });
  }

  async close(): Promise<void> {
    await this.#knex.destroy();
  }

  async #exclusively(migrate: () => Promise<[number, string[]]>): Promise<string[]> {
    const deadline = Date.now() + LOCK_PATIENCE_MS;
    for (;;) {
      const names = await this.#unlessLocked(migrate).catch(explain);
      if (names !== undefined) return names;
      if (Date.now() > deadline) throw new MigrationsLocked(LOCKED);
      await sleep(LOCK_POLL_MS);
    }
  }

  /**
   * Knex has a lock, but makes it unguarded: two processes on an empty database may make it twice, and then nobody ever
   * gets it. This one is the server's. It is asked for without waiting: a waiting statement holds a snapshot, which
   * `create index concurrently` waits for.
   */
  #unlessLocked(migrate: () => Promise<[number, string[]]>): Promise<string[] | undefined> {
    return this.#knex.transaction(async (guard) => {
      const { rows } = await guard.raw('select pg_try_advisory_xact_lock(?) as is_ours', [LOCK_KEY]);
      if (!rows[0].is_ours) return undefined;
      try {
        const [, names] = await migrate();
        return names;
      } catch (error) {
        if (isLocked(error)) return undefined;
        throw error;
      }
    });
  }
}

function explain(error: unknown): never {
  throw isRefusalOfPooler(error) ? new PoolerInTheWay() : error;
}

const isLocked = (error: unknown): boolean => error instanceof Error && error.name === 'MigrationLocked';
