import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { EmbeddedPostgres } from '../../src/infrastructure/embedded-postgres/embedded-postgres.ts';
import { postmasterOf } from '../../src/infrastructure/embedded-postgres/postmaster-file.ts';
import { closing } from '../closing.ts';

/** A quarter of the memory, at most 6 GiB. */
const BUFFER_MEBIBYTES = Math.min(6_144, Math.floor(totalmem() / 2 ** 22));

/** Durability stays at its defaults. These keep the data in memory and checkpoints out of the measurements. */
const SETTINGS = {
  shared_buffers: `${BUFFER_MEBIBYTES}MB`,
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
  max_connections: '200',
} as const;

/** The PostgreSQL server of a run. */
export interface Server {
  readonly url: string;
  /** Process id. `undefined` for an external server, whose CPU time is unknown. */
  readonly postmaster: number | undefined;
}

/** @param report receives progress messages */
export async function openServer(
  report: (line: string) => void,
): Promise<{ server: Server; close: () => Promise<void> }> {
  const url = process.env['BENCH_DATABASE_URL'];
  if (url) return { server: { url, postmaster: undefined }, close: async () => {} };

  const folder = await mkdtemp(join(tmpdir(), 'task-service-bench-'));
  const opening = startIn(folder, report);
  // Registered before the start completes, so that an interrupted start is cleaned up.
  const close = closing(async () => {
    await (await opening.catch(() => undefined))?.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 9, retryDelay: 50 });
  });
  try {
    const postgres = await opening;
    return { server: { url: postgres.url, postmaster: (await postmasterOf(postgres.directory))?.pid }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startIn(folder: string, report: (line: string) => void): Promise<EmbeddedPostgres> {
  // PostgreSQL may run as another operating system user.
  await chmod(folder, 0o755);
  const options = { dataDir: folder, report, whenInUse: 'refuse' } as const;
  const fresh = await EmbeddedPostgres.open(options);
  await configure(fresh.url).finally(() => fresh.close());
  return EmbeddedPostgres.open(options);
}

/** Takes effect at the next start. */
async function configure(url: string): Promise<void> {
  await withClient(url, async (client) => {
    for (const [name, value] of Object.entries(SETTINGS)) await client.query(`alter system set ${name} = '${value}'`);
  });
}

/** Connects without the timeouts that the migrations set for the role. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, options: '-c statement_timeout=0 -c lock_timeout=0' });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
