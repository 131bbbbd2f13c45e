import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll } from 'vitest';
import { findBinaries } from '../../../src/infrastructure/embedded-postgres/binaries.ts';
import { choosePostgresUser, type PostgresUser } from '../../../src/infrastructure/embedded-postgres/postgres-user.ts';
import {
  forgetRecycledPostmaster,
  postmasterOf,
} from '../../../src/infrastructure/embedded-postgres/postmaster-file.ts';
import { Migrator } from '../../../src/infrastructure/postgres/migrations/migrator.ts';
import { freePort } from '../../support/free-port.ts';

const INITDB_ARGS = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale-provider=builtin'];
const LOCALE_ARGS = ['--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions', '--no-sync'];
const START_PATIENCE_MS = 20_000;
/** How the service names its connections to the server. */
const SERVICE = "application_name = 'task-service'";
/** A migration bounds the sessions of the service's user. Those of a test may hold something up. */
const UNBOUNDED = '-c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0';

const clusters: Cluster[] = [];

/** A PostgreSQL that a test may crash. Durable as usual, so that an acknowledged write is on disk. */
export class Cluster {
  readonly port: number;
  readonly folder: string;
  readonly #user: PostgresUser;
  readonly #options: readonly string[];

  private constructor(folder: string, port: number, user: PostgresUser, options: readonly string[]) {
    this.folder = folder;
    this.port = port;
    this.#user = user;
    this.#options = options;
  }

  /** Running, migrated, and gone after the last test of the file. @param settings of the server, by name */
  static async create(settings: Record<string, string | number> = {}): Promise<Cluster> {
    const folder = await mkdtemp(join(tmpdir(), 'task-service-cluster-'));
    await chmod(folder, 0o755);
    const user = await choosePostgresUser(await findBinaries(), join(folder, 'data'));
    const all = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings };
    const options = Object.entries(all).map(([name, value]) => `-c ${name}=${value === '' ? "''" : value}`);
    const cluster = new Cluster(folder, await freePort(), user, options);
    clusters.push(cluster);
    const made = await user.run('initdb', [...INITDB_ARGS, ...LOCALE_ARGS, '-D', cluster.#data]);
    if (made.code !== 0) throw new Error(made.output);
    await user.own(folder);
    await cluster.start();
    const migrator = new Migrator(cluster.url);
    await migrator.up().finally(() => migrator.close());
    return cluster;
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`;
  }

  /** Until it accepts connections. */
  async start(): Promise<void> {
    const args = ['-D', this.#data, '-l', join(this.folder, 'log'), '-o', `-p ${this.port} ${this.#options.join(' ')}`];
    const deadline = Date.now() + START_PATIENCE_MS;
    for (;;) {
      // The number of a killed server stays taken until it is reaped.
      await forgetRecycledPostmaster(this.#data);
      const { code, output } = await this.#user.run('pg_ctl', ['start', ...args, '-w', '-s']);
      if (code === 0) return;
      if (Date.now() > deadline) throw new Error(`${output}\n${await this.log()}`);
      await sleep(50);
    }
  }

  async stop(mode: 'fast' | 'immediate'): Promise<void> {
    await this.#user.run('pg_ctl', ['stop', '-D', this.#data, '-m', mode, '-w', '-t', '20']);
  }

  async killPostmaster(): Promise<void> {
    const postmaster = await postmasterOf(this.#data);
    if (postmaster !== undefined) process.kill(postmaster.pid, 'SIGKILL');
  }

  /**
   * Kills one process that serves the service, upon which PostgreSQL ends all others and starts anew: it has begun to when
   * this is fulfilled, and accepts no connection before all of the old ones are gone.
   *
   * @returns whether there was one
   */
  async killBackend(): Promise<boolean> {
    const witness = await this.connect();
    try {
      const isGone = new Promise((resolve) => witness.once('end', () => resolve(true)));
      const { rows } = await witness.query<{ pid: number }>(
        `select pid from pg_stat_activity where ${SERVICE} limit 1`,
      );
      const [row] = rows;
      if (row === undefined) return false;
      process.kill(row.pid, 'SIGKILL');
      if (await Promise.race([isGone, sleep(START_PATIENCE_MS, false, { ref: false })])) return true;
      throw new Error(`PostgreSQL did not notice:\n${await this.log()}`);
    } finally {
      await witness.end().catch(() => {});
    }
  }

  async terminateBackends(): Promise<number> {
    const rows = await this.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${SERVICE}`);
    return rows.length;
  }

  /** On a connection of its own. */
  async query<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const client = await this.connect();
    const { rows } = await client.query<Row>(sql, values).finally(() => client.end());
    return rows;
  }

  /** For what must stay open. Closed by the caller. */
  async connect(user = 'postgres'): Promise<pg.Client> {
    const connectionString = this.url.replace('postgres@', `${user}@`);
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000, options: UNBOUNDED });
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  /** As soon as connections are accepted. */
  async accepts(): Promise<void> {
    const deadline = Date.now() + START_PATIENCE_MS;
    for (;;) {
      const isUp = await this.query('select 1').then(
        () => true,
        () => false,
      );
      if (isUp) return;
      if (Date.now() > deadline) throw new Error(`PostgreSQL does not come back:\n${await this.log()}`);
      await sleep(10);
    }
  }

  /** Puts a file below the folder. */
  async write(path: string, text: string): Promise<void> {
    await writeFile(join(this.folder, path), text, { mode: 0o600 });
    await this.own(this.folder);
  }

  /** Makes a folder the server's own. */
  own(folder: string): Promise<void> {
    return this.#user.own(folder);
  }

  log(): Promise<string> {
    return readFile(join(this.folder, 'log'), 'utf8').catch(() => '');
  }

  async remove(): Promise<void> {
    await this.stop('immediate');
    await rm(this.folder, { recursive: true, force: true, maxRetries: 9, retryDelay: 50 });
  }

  get #data(): string {
    return join(this.folder, 'data');
  }
}

afterAll(async () => {
  for (const cluster of clusters.splice(0)) await cluster.remove();
});
