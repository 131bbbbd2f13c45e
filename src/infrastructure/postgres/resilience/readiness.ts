import { setTimeout as sleep } from 'node:timers/promises';
import type { Obstacle, Readiness } from '../../../application/ports.ts';
import type { Database } from '../database.ts';
import { migrationDirectory } from '../migrations/source.ts';
import { compileSql, type Query } from '../sql/statement.ts';

interface Server {
  readonly is_suitable: boolean;
  readonly is_bounded: boolean;
  readonly migrations_table: string | null;
}

/** Takes its turn as a user of its own. */
const NOBODY = { owner: '' };

const probe = <Row>(label: string, sql: string): Query<typeof NOBODY, Row> => ({
  lane: 'read',
  retry: 'read',
  statement: compileSql(label, () => true, sql),
});

/** What a search relies on is looked for here, rather than missed by the first person who searches. */
const SERVER = probe<Server>(
  'check_server',
  `select current_setting('server_encoding') = 'UTF8'
         and exists (select 1 from pg_collation where collname = 'und-x-icu') as is_suitable,
         current_setting('statement_timeout') <> '0' and current_setting('lock_timeout') <> '0' as is_bounded,
         to_regclass('public.knex_migrations')::text as migrations_table`,
);

const MIGRATIONS = probe<{ readonly name: string }>('list_migrations', 'select name from public.knex_migrations');

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
  readonly #database: Database;
  readonly #warn: (message: string) => void;
  #hasWarned = false;

  constructor(database: Database, warn: (message: string) => void) {
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
      const [server] = (await this.#database.probe(SERVER, NOBODY)) as [Server];
      if (!server.is_suitable) return 'database-unsuitable';
      if (server.migrations_table === null) return 'migrations-pending';

      const known = await migrationDirectory.getMigrations([]);
      const done = new Set((await this.#database.probe(MIGRATIONS, NOBODY)).map(({ name }) => name));
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
