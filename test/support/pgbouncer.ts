import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './free-port.ts';

export interface Pooler {
  /** The same database, through the pooler. */
  through(url: string): string;
  stop(): Promise<void>;
}

/** The user that a program runs as which refuses root. */
const NOBODY = 65_534;

/**
 * A PgBouncer in transaction mode before a server, for all its databases. It resets nothing between its clients, as is
 * the default, so that whatever one of them sets is seen by others.
 * @throws where PgBouncer is not installed
 */
export async function startPgbouncer(serverUrl: string, poolSize: number): Promise<Pooler> {
  const { hostname, port: serverPort, username, password } = new URL(serverUrl);
  const folder = await mkdtemp(join(tmpdir(), 'task-service-pgbouncer-'));
  const port = await freePort();
  const config = join(folder, 'pgbouncer.ini');
  await writeFile(
    config,
    `[databases]
* = host=${hostname} port=${serverPort || 5432} user=${decodeURIComponent(username)} password=${decodeURIComponent(password)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 500
`,
  );
  await chmod(folder, 0o755);
  const isRoot = process.getuid?.() === 0;
  const program = spawn('pgbouncer', ['-q', config], {
    stdio: 'ignore',
    ...(isRoot && { uid: NOBODY, gid: NOBODY }),
  });
  const ended = once(program, 'exit').catch(() => {});
  const stop = async () => {
    program.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const through = (url: string) => {
    const pooled = new URL(url);
    pooled.host = `127.0.0.1:${port}`;
    return pooled.href;
  };
  try {
    await once(program, 'spawn');
    await answering(through(serverUrl));
  } catch (error) {
    await stop();
    throw error;
  }
  return { through, stop };
}

/** What a neighbour leaves behind on the connections that it shares. */
const LEFT_BEHIND = [
  "set search_path = 'neighbour'",
  "set timezone = 'Pacific/Chatham'",
  "set datestyle = 'German'",
  "set lock_timeout = '7s'",
];

/** Another client of the same pooler, user and database, with habits that do not suit a pooler. */
export async function startNeighbour(url: string): Promise<{ stop(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  let isStopping = false;
  const going = (async () => {
    while (!isStopping) {
      for (const statement of LEFT_BEHIND) await client.query(statement);
      await sleep(20);
    }
  })();
  const stop = async () => {
    isStopping = true;
    await going;
    await client.end();
  };
  return { stop };
}

async function answering(url: string): Promise<void> {
  for (let attempts = 100; ; attempts--) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.query('select 1');
      return;
    } catch (error) {
      if (attempts === 0) throw error;
      await sleep(50);
    } finally {
      await client.end();
    }
  }
}
