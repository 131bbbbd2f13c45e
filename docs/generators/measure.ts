import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { EmbeddedPostgres } from '../../src/infrastructure/embedded-postgres/embedded-postgres.ts';
import { Migrator } from '../../src/infrastructure/postgres/migrations/migrator.ts';
import { bytesPerTask } from './bytes-per-task.ts';

/** What docs/scaling.md counts with: the bytes of each of 100,000 tasks in an embedded PostgreSQL of its own. */
const dataDir = await mkdtemp(join(tmpdir(), 'task-service-measure-'));
const postgres = await EmbeddedPostgres.open({ dataDir, report: () => {}, whenInUse: 'refuse' });
const client = new pg.Client({ connectionString: postgres.url });
try {
  const migrator = new Migrator(postgres.url);
  await migrator.up().finally(() => migrator.close());
  await client.connect();
  process.stdout.write(`${JSON.stringify(await bytesPerTask(client, 100_000))}\n`);
} finally {
  await client.end();
  await postgres.close();
  await rm(dataDir, { recursive: true, force: true });
}
