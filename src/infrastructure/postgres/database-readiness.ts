import type { Knex } from 'knex';
import type { Obstacle, Readiness } from '../../application/ports.ts';
import { migrationDirectory } from './migration-directory.ts';

interface Server {
  readonly is_suitable: boolean;
  readonly migrations_table: string | null;
}

/** What a search relies on is looked for here, rather than missed by the first person who searches. */
const SERVER = `
  select current_setting('server_encoding') = 'UTF8'
         and exists (select 1 from pg_collation where collname = 'und-x-icu') as is_suitable,
         to_regclass('knex_migrations')::text as migrations_table`;

/**
 * Ready when the database answers, can keep and search text of all languages, and has every migration that this version
 * knows. Newer ones are no obstacle: the instance that brought them may be running beside this one.
 */
export class DatabaseReadiness implements Readiness {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async obstacle(): Promise<Obstacle | undefined> {
    try {
      const { rows } = await this.#knex.raw<{ rows: [Server] }>(SERVER);
      const [server] = rows;
      if (!server.is_suitable) return 'database-unsuitable';
      if (server.migrations_table === null) return 'migrations-pending';

      const known = await migrationDirectory.getMigrations([]);
      const done = new Set<string>(await this.#knex('knex_migrations').pluck('name'));
      return known.every((name) => done.has(name)) ? undefined : 'migrations-pending';
    } catch (error) {
      return isRefusal(error) ? 'database-unsuitable' : 'database-unreachable';
    }
  }
}

/** The server answered that this user may not. */
const isRefusal = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '42501';
