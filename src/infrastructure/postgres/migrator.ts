import { setTimeout as sleep } from 'node:timers/promises';
import knex, { type Knex } from 'knex';
import { migrationDirectory } from './migration-directory.ts';

/** How long to wait for another process that is migrating the same database. */
const LOCK_PATIENCE_MS = 60_000;
const LOCK_POLL_MS = 250;

/** unique_violation and duplicate_table: another migrator made the same table at the same moment, or just before. */
const LOST_RACE = new Set(['23505', '42P07']);
const MAX_LOST_RACES = 3;

const silent = () => {};

export class MigrationsLocked extends Error {
  override readonly name = 'MigrationsLocked';
}

export interface MigrationStatus {
  readonly done: readonly string[];
  readonly pending: readonly string[];
}

/** Brings the schema of one database forward and back. Safe to run by several processes at once. */
export class Migrator {
  readonly #knex: Knex;

  /** @param url a direct connection: what migrations rely on does not work through a transaction pooler */
  constructor(url: string) {
    this.#knex = knex({
      client: 'pg',
      connection: {
        connectionString: url,
        application_name: 'task-service migrations',
        connectionTimeoutMillis: 10_000,
      },
      pool: { min: 0, max: 2 },
      migrations: { migrationSource: migrationDirectory },
      // What is worth saying is thrown.
      log: { warn: silent, error: silent, deprecate: silent, debug: silent },
    });
  }

  /** @returns the names of the migrations that were applied */
  up(): Promise<string[]> {
    return this.#exclusively(() => this.#knex.migrate.latest());
  }

  /** Takes the newest migration back. @returns its name, or nothing when none was applied */
  down(): Promise<string[]> {
    return this.#exclusively(() => this.#knex.migrate.down());
  }

  async status(): Promise<MigrationStatus> {
    const [done, pending]: [{ name: string }[], string[]] = await this.#knex.migrate.list();
    return { done: done.map(({ name }) => name), pending };
  }

  /** For the time after a migrator was killed in the middle of a migration that runs outside a transaction. */
  async unlock(): Promise<void> {
    await this.#knex.migrate.forceFreeMigrationsLock();
  }

  async close(): Promise<void> {
    await this.#knex.destroy();
  }

  async #exclusively(migrate: () => Promise<[number, string[]]>): Promise<string[]> {
    const deadline = Date.now() + LOCK_PATIENCE_MS;
    for (let lostRaces = 0; ; ) {
      try {
        const [, names] = await migrate();
        return names;
      } catch (error) {
        if (hasCode(error, LOST_RACE)) {
          lostRaces++;
          if (lostRaces > MAX_LOST_RACES) throw error;
        } else if (!isLocked(error)) {
          throw error;
        } else if (Date.now() > deadline) {
          throw new MigrationsLocked('Another process holds the migration lock', { cause: error });
        }
        await sleep(LOCK_POLL_MS);
      }
    }
  }
}

const isLocked = (error: unknown): boolean => error instanceof Error && error.name === 'MigrationLocked';

const hasCode = (error: unknown, codes: ReadonlySet<string>): boolean =>
  error instanceof Error && 'code' in error && codes.has(String(error.code));
