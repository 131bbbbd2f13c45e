import { randomBytes } from 'node:crypto';
import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { findBinaries, POSTGRES_MAJOR } from './binaries.ts';
import { DirectoryLock } from './directory-lock.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { choosePostgresUser, type PostgresUser } from './postgres-user.ts';
import { forgetRecycledPostmaster, postmasterOf } from './postmaster-file.ts';

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  /** Told what takes a while, in lines for people. */
  readonly report: (line: string) => void;
  /** When a running service owns `dataDir`: refuse, or use its server and leave it running. */
  readonly whenInUse: 'refuse' | 'join';
}

/** How long a server that is neither up nor down, as after a crash, may take to become one or the other. */
const START_PATIENCE_MS = 30_000;
const STOP_PATIENCE_S = 8;

/** The locale is built in, so that text is sorted and folded alike on every machine. */
const INITDB_ARGS = [
  '--username=postgres',
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--locale=C',
  '--set=listen_addresses=127.0.0.1',
  '--set=unix_socket_directories=',
  '--no-instructions',
];

/** A real PostgreSQL of the service's own, in a folder, for development and tests. */
export class EmbeddedPostgres {
  /** Where the data is. */
  readonly directory: string;
  readonly #options: EmbeddedPostgresOptions;
  #url = '';
  #lock: DirectoryLock | undefined;
  #user: PostgresUser | undefined;

  private constructor(options: EmbeddedPostgresOptions) {
    this.#options = options;
    // Another major version could not read the files, so it is part of their name.
    this.directory = join(resolve(options.dataDir), `pg${POSTGRES_MAJOR}`);
  }

  /**
   * Makes the database if there is none, adopts its server if a killed service left it running, and starts it otherwise.
   * @throws {EmbeddedPostgresError}
   */
  static async open(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    const postgres = new EmbeddedPostgres(options);
    const binaries = await findBinaries();
    const dataDir = resolve(options.dataDir);
    await mkdir(dataDir, { recursive: true });

    const lock = await DirectoryLock.acquire(join(dataDir, 'service.lock'));
    if ('heldBy' in lock) {
      await postgres.#join(lock.heldBy);
      return postgres;
    }
    postgres.#lock = lock;
    try {
      await postgres.#bringUp(await choosePostgresUser(binaries, postgres.directory));
    } catch (error) {
      await lock.release();
      throw error;
    }
    return postgres;
  }

  get url(): string {
    return this.#url;
  }

  /** Stops the server, unless it belongs to another process. */
  async close(): Promise<void> {
    if (this.#user !== undefined) {
      const stop = (mode: string) =>
        this.#user?.run('pg_ctl', ['stop', '-D', this.directory, '-m', mode, '-w', '-t', String(STOP_PATIENCE_S)]);
      const stopped = await stop('fast');
      // Loses nothing either: the next start replays the log.
      if (stopped?.code !== 0) await stop('immediate');
    }
    await this.#lock?.release();
  }

  async #join(pid: number): Promise<void> {
    if (this.#options.whenInUse === 'refuse') {
      throw new EmbeddedPostgresError(
        `${resolve(this.#options.dataDir)} is in use by the service that runs as process ${pid}: stop it, or set another DATA_DIR.`,
      );
    }
    const deadline = Date.now() + START_PATIENCE_MS;
    while (!(await this.#answers())) {
      if (Date.now() > deadline) throw new EmbeddedPostgresError(`The database of process ${pid} does not answer.`);
      await sleep(200);
    }
  }

  async #bringUp(user: PostgresUser): Promise<void> {
    await appendFile(this.#logFile, '', { mode: 0o600 });
    if (!(await exists(this.directory))) await this.#initialise(user);
    for (const path of [this.directory, this.#logFile, this.#passwordFile]) await user.own(path);

    const deadline = Date.now() + START_PATIENCE_MS;
    while (!(await this.#adopt(user)) && !(await this.#start(user))) {
      if (Date.now() > deadline) {
        throw new EmbeddedPostgresError(`The embedded PostgreSQL does not start; its log is ${this.#logFile}.`);
      }
      await sleep(200);
    }
    this.#user = user;
  }

  /**
   * Under a temporary name until it is complete, so that a start that was killed leaves no half database. A new name
   * each time, because what that start began may still be going on.
   */
  async #initialise(user: PostgresUser): Promise<void> {
    this.#options.report(`Creating a PostgreSQL ${POSTGRES_MAJOR} database in ${this.directory}`);
    const prefix = `${this.directory}.unfinished-`;
    await removeAll(prefix);
    const unfinished = await mkdtemp(prefix);
    await user.own(unfinished);
    await writeFile(this.#passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
    await chmod(this.#passwordFile, 0o600);
    await user.own(this.#passwordFile);

    const made = await user.run('initdb', [...INITDB_ARGS, `--pwfile=${this.#passwordFile}`, '-D', unfinished]);
    if (made.code !== 0) throw new EmbeddedPostgresError(`The embedded PostgreSQL cannot be set up: ${made.output}.`);
    await rename(unfinished, this.directory);
  }

  /** A server that only seems alive, because its number is not free yet, does not answer. */
  async #adopt(user: PostgresUser): Promise<boolean> {
    const status = await user.run('pg_ctl', ['status', '-D', this.directory]);
    if (status.code !== 0 || !(await this.#answers())) return false;
    this.#options.report('Took over the database server that an earlier run left behind');
    return true;
  }

  async #start(user: PostgresUser): Promise<boolean> {
    await forgetRecycledPostmaster(this.directory);
    const args = ['start', '-D', this.directory, '-l', this.#logFile, '-o', `-p ${await freePort()}`];
    const started = await user.run('pg_ctl', [...args, '-w', '-t', '60', '-s']);
    return started.code === 0 && (await this.#answers());
  }

  async #answers(): Promise<boolean> {
    const port = (await postmasterOf(this.directory))?.port;
    if (port === undefined) return false;
    const password = await readFile(this.#passwordFile, 'utf8');
    const connectionString = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('select 1');
      this.#url = connectionString;
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => {});
    }
  }

  get #logFile(): string {
    return `${this.directory}.log`;
  }

  get #passwordFile(): string {
    return `${this.directory}.password`;
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Tried more than once: a program that was left alone may still be adding files. */
async function removeAll(prefix: string): Promise<void> {
  const folder = dirname(prefix);
  const names = (await readdir(folder)).filter((name) => name.startsWith(basename(prefix)));
  for (const name of names)
    await rm(join(folder, name), { recursive: true, force: true, maxRetries: 9, retryDelay: 50 });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
