import type { Knex } from 'knex';
import type { Obstacle, Readiness } from '../../application/ports.ts';
import { migrationDirectory } from './migration-directory.ts';

interface Server {
  readonly encoding: string;
  readonly migrations_table: string | null;
}

/**
 * Ready when the database answers, keeps text as UTF-8, and has every migration that this version knows. Newer ones
 * are no obstacle: the instance that brought them may be running beside this one.
 */
export class DatabaseReadiness implements Readiness {
  readonly #knex: Knex;
  #fits = false;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async obstacle(): Promise<Obstacle | undefined> {
    try {
      if (!this.#fits) return await this.#misfit();
      await this.#knex.raw('select 1');
      return undefined;
    } catch {
      return 'database-unreachable';
    }
  }

  async #misfit(): Promise<Obstacle | undefined> {
    const { rows } = await this.#knex.raw<{ rows: [Server] }>(
      `select current_setting('server_encoding') as encoding, to_regclass('knex_migrations')::text as migrations_table`,
    );
    const [server] = rows;
    if (server.encoding !== 'UTF8') return 'database-unsuitable';
    if (server.migrations_table === null) return 'migrations-pending';

    const known = await migrationDirectory.getMigrations([]);
    const done = new Set<string>(await this.#knex('knex_migrations').pluck('name'));
    if (!known.every((name) => done.has(name))) return 'migrations-pending';
    this.#fits = true;
    return undefined;
  }
}
