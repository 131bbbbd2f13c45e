import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import pg from 'pg';
import { getContainerRuntimeClient } from 'testcontainers';
import type { TestProject } from 'vitest/node';
import { EmbeddedPostgres } from '../../src/infrastructure/embedded-postgres/embedded-postgres.ts';
import { Migrator } from '../../src/infrastructure/postgres/migrations/migrator.ts';
import { type Pooler, startNeighbour, startPgbouncer } from './pgbouncer.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A migrated database that all tests of the run share; fresh owners keep them apart. As the service is told it. */
    databaseUrl: string;
    /** The same past the pooler, if there is one: for what migrates, and for what sets something in its session. */
    directUrl: string;
    /** A migrated database that nobody connects to, to be cloned by tests that need one of their own. */
    templateUrl: string;
  }
}

interface Server {
  readonly name: string;
  readonly url: string;
  stop(): Promise<unknown>;
}

const DEFAULT_IMAGE = 'postgres:18-alpine';

/** Chooses the PostgreSQL of a test run, says which one it is, and leaves nothing of it behind. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const server = await chooseServer();
  const run = `task_service_test_${process.pid}_${Date.now().toString(36)}`;
  const template = `${run}_template`;
  try {
    await onServer(server.url, async (client) => {
      const { rows } = await client.query('show server_version');
      say(`PostgreSQL ${rows[0].server_version}, ${server.name}`);
      await client.query(`create database ${template}`);
    });
    const migrator = new Migrator(withDatabase(server.url, template));
    await migrator.up().finally(() => migrator.close());
    await onServer(server.url, (client) => client.query(`create database ${run} template ${template}`));
  } catch (error) {
    await server.stop();
    throw error;
  }
  const directUrl = withDatabase(server.url, run);
  const pooler = await choosePooler(directUrl);
  provide('directUrl', directUrl);
  provide('databaseUrl', pooler?.through(directUrl) ?? directUrl);
  provide('templateUrl', withDatabase(server.url, template));

  return async () => {
    await pooler?.stop();
    await onServer(server.url, async (client) => {
      await client.query(`drop database ${run} with (force)`);
      await client.query(`drop database ${template} with (force)`);
    });
    await server.stop();
  };
}

const say = (line: string): void => void process.stderr.write(`Database of this run: ${line}\n`);

async function chooseServer(): Promise<Server> {
  const { TEST_DATABASE: forced = '', TEST_DATABASE_URL: url = '' } = process.env;
  if (forced === 'testcontainers') return inContainer();
  if (forced === 'embedded') return embedded();
  if (forced !== '') throw new Error(`TEST_DATABASE must be testcontainers or embedded`);
  if (url !== '') return { name: 'named by TEST_DATABASE_URL', url, stop: async () => {} };
  return inContainer().catch((error: Error) => {
    say(`no container, because: ${error.message.split('\n')[0]}`);
    return embedded();
  });
}

/** How many connections to the server the clients of the pooler share: few, so that they do. */
const POOLED_CONNECTIONS = 8;

async function choosePooler(url: string): Promise<Pooler | undefined> {
  const { TEST_POOLER: name = '' } = process.env;
  if (name === '') return undefined;
  if (name !== 'pgbouncer') throw new Error('TEST_POOLER must be pgbouncer');
  const pooler = await startPgbouncer(url, POOLED_CONNECTIONS);
  const neighbour = await startNeighbour(pooler.through(url));
  say(`through PgBouncer in transaction mode, ${POOLED_CONNECTIONS} connections, shared with a neighbour`);
  return { ...pooler, stop: () => neighbour.stop().then(() => pooler.stop()) };
}

async function inContainer(): Promise<Server> {
  await getContainerRuntimeClient();
  const image = process.env['TEST_POSTGRES_IMAGE'] ?? DEFAULT_IMAGE;
  const container = await new PostgreSqlContainer(image).start();
  return { name: `in a container of ${image}`, url: container.getConnectionUri(), stop: () => container.stop() };
}

async function embedded(): Promise<Server> {
  const dataDir = await mkdtemp(join(tmpdir(), 'task-service-test-'));
  // For the user under whom PostgreSQL runs where it refuses ours.
  await chmod(dataDir, 0o755);
  const clean = () => rm(dataDir, { recursive: true, force: true });
  const postgres = await EmbeddedPostgres.open({ dataDir, report: () => {}, whenInUse: 'refuse' }).catch(
    async (error) => {
      await clean();
      throw error;
    },
  );
  const stop = () => postgres.close().then(clean);
  return { name: 'embedded', url: postgres.url, stop };
}

async function onServer(url: string, use: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await use(client).finally(() => client.end());
}

function withDatabase(url: string, name: string): string {
  const named = new URL(url);
  named.pathname = `/${name}`;
  return named.href;
}
