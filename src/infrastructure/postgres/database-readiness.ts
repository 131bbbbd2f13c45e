import { setTimeout as sleep } from 'node:timers/promises';
import type { Obstacle, Readiness } from '../../application/ports.ts';
import type { GuardedDatabase } from './guarded-database.ts';
import { migrationDirectory } from './migration-directory.ts';

interface Server {
  readonly is_suitable: boolean;
  readonly is_bounded: boolean;
  readonly migrations_table: string | null;
}

/** What a search relies on is looked for here, rather than missed by the first person who searches. */
const SERVER = `
  select current_setting('server_encoding') = 'UTF8'
         and exists (select 1 from pg_collation where collname = 'und-x-icu') as is_suitable,
         current_setting('statement_timeout') <> '0' and current_setting('lock_timeout') <> '0' as is_bounded,
         to_regclass('public.knex_migrations')::text as migrations_table`;

const UNBOUNDED =
  'Statements of this database user are not bounded in time. Let them be: alter role … in database … set statement_timeout = ' +
  "'4s'; the same with lock_timeout = '2s' and idle_in_transaction_session_timeout = '5s'";

/** Who asks for readiness has patience for a few seconds at most. */
const PATIENCE_MS = 2_000;

/**
 * Ready when the database answers, can keep and search text of all languages, and has every migration that this version
 * knows. Newer ones are no obstacle: the instance that brought them may be running beside this one.
 * Nothing asks by itself: a database may go to sleep.
 */
export class DatabaseReadiness implements Readiness {
  readonly #database: GuardedDatabase;
  readonly #warn: (message: string) => void;
  #hasWarned = false;

  constructor(database: GuardedDatabase, warn: (message: string) => void) {
    this.#database = database;
    this.#warn = warn;
  }

  async obstacle(): Promise<Obstacle | undefined> {
    if (this.#database.isFull) return 'database-full';
    const patience = new AbortController();
    const obstacle = await Promise.race([
      this.#ask(),
      sleep<Obstacle>(PATIENCE_MS, 'database-unreachable', { signal: patience.signal }),
    ]);
    patience.abort();
    return obstacle;
  }

  async #ask(): Promise<Obstacle | undefined> {
    try {
      const { rows } = await this.#database.probe<{ rows: [Server] }>((knex) => knex.raw(SERVER));
      const [server] = rows;
      if (!server.is_suitable) return 'database-unsuitable';
      if (server.migrations_table === null) return 'migrations-pending';

      const known = await migrationDirectory.getMigrations([]);
      const done = new Set(
        await this.#database.probe<string[]>((knex) => knex('public.knex_migrations').pluck('name')),
      );
      if (!known.every((name) => done.has(name))) return 'migrations-pending';
      if (!this.#hasWarned && !server.is_bounded) this.#warn(UNBOUNDED);
      this.#hasWarned = true;
      return undefined;
    } catch (error) {
      return isRefusal(error) ? 'database-unsuitable' : 'database-unreachable';
    }
  }
}

/** The server answered that this user may not. */
const isRefusal = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '42501';
