import { closing } from '../closing.ts';
import type { DataSetSize } from './data-set.ts';
import { loadDataSet, settle, urlOf } from './load-data-set.ts';
import { openServer, type Server, withClient } from './server.ts';
import type { RelationSize } from './sizes.ts';

const TEMPLATE = 'task_service_bench_template';
const NAME = 'task_service_bench';

/** A database that is loaded once as a template and restored from it before each round. */
export class BenchDatabase {
  readonly server: Server;
  readonly close: () => Promise<void>;
  /** After loading, without the special users. */
  sizes: readonly RelationSize[] = [];

  private constructor(server: Server, close: () => Promise<void>) {
    this.server = server;
    this.close = close;
  }

  static async open(size: DataSetSize, report: (line: string) => void): Promise<BenchDatabase> {
    const { server, close: stop } = await openServer(report);
    const close = closing(async () => {
      await dropAll(server.url).finally(stop);
    });
    const database = new BenchDatabase(server, close);
    try {
      await dropAll(server.url);
      database.sizes = await loadDataSet(server.url, TEMPLATE, size, report);
    } catch (error) {
      await close();
      throw error;
    }
    return database;
  }

  get url(): string {
    return urlOf(this.server.url, NAME);
  }

  /** Replaces the database with a fresh copy of the template, vacuumed and written to disk. */
  async restore(): Promise<void> {
    await withClient(this.server.url, async (client) => {
      await client.query(`drop database if exists ${NAME} with (force)`);
      await client.query(`create database ${NAME} template ${TEMPLATE} strategy file_copy`);
      await client.query(COPY_ROLE_SETTINGS);
    });
    await settle(this.url);
  }

  /** Open connections by `application_name`. */
  async connections(): Promise<ReadonlyMap<string, number>> {
    const sql = 'select application_name, count(*)::int from pg_stat_activity where datname = $1 group by 1';
    return withClient(this.server.url, async (client) => {
      const { rows } = await client.query<{ application_name: string; count: number }>(sql, [NAME]);
      return new Map(rows.map(({ application_name, count }) => [application_name, count]));
    });
  }

  version(): Promise<string> {
    return this.#setting('server_version');
  }

  /** Whether PostgreSQL uses huge pages. The machine must have reserved them. */
  async hasHugePages(): Promise<boolean> {
    return (await this.#setting('huge_pages_status')) === 'on';
  }

  #setting(name: string): Promise<string> {
    const sql = 'select current_setting($1) as value';
    return withClient(this.server.url, async (client) => (await client.query(sql, [name])).rows[0].value);
  }
}

/** Also drops databases that a killed run left behind. */
const dropAll = (url: string): Promise<void> =>
  withClient(url, async (client) => {
    for (const name of [NAME, TEMPLATE]) await client.query(`drop database if exists ${name} with (force)`);
  });

/** `create database … template` does not copy the role settings that the migrations made. */
const COPY_ROLE_SETTINGS = `do $do$ declare setting text; begin
  for setting in
    select unnest(setconfig) from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase
    where d.datname = '${TEMPLATE}' and s.setrole = (select oid from pg_roles where rolname = current_user)
  loop
    execute format('alter role %I in database ${NAME} set %I = %L',
                   current_user, split_part(setting, '=', 1), split_part(setting, '=', 2));
  end loop;
end $do$`;
