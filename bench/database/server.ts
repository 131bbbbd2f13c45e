import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { EmbeddedPostgres } from '../../src/infrastructure/embedded-postgres/embedded-postgres.ts';
import { postmasterOf } from '../../src/infrastructure/embedded-postgres/postmaster-file.ts';

/** Durable as by default. What is raised keeps a working set in memory, and checkpoints out of the measurements. */
const SETTINGS = {
  shared_buffers: '1GB',
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
  max_connections: '200',
} as const;

/** The one PostgreSQL of a run. */
export interface Server {
  readonly url: string;
  /** Its first process; `undefined` where it is not ours, and its use of the processor cannot be told. */
  readonly postmaster: number | undefined;
  close(): Promise<void>;
}

export async function openServer(report: (line: string) => void): Promise<Server> {
  const given = process.env['BENCH_DATABASE_URL'];
  if (given) return { url: given, postmaster: undefined, close: async () => {} };

  const folder = await mkdtemp(join(tmpdir(), 'task-service-bench-'));
  // Also for the user under whom PostgreSQL runs, should that be another one.
  await chmod(folder, 0o755);
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 9, retryDelay: 50 });
  try {
    const options = { dataDir: folder, report, whenInUse: 'refuse' } as const;
    const fresh = await EmbeddedPostgres.open(options);
    await configure(fresh.url).finally(() => fresh.close());
    const server = await EmbeddedPostgres.open(options);
    return {
      url: server.url,
      postmaster: (await postmasterOf(server.directory))?.pid,
      async close() {
        await server.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Taken up by the next start. */
async function configure(url: string): Promise<void> {
  await withClient(url, async (client) => {
    for (const [name, value] of Object.entries(SETTINGS)) await client.query(`alter system set ${name} = '${value}'`);
  });
}

/** Unbounded, whatever the migrations have set for the user. */
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
