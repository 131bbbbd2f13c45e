import { Migrator } from '../../src/infrastructure/postgres/migrations/migrator.ts';
import {
  type DataSetSize,
  loadLists,
  loadSpecialLists,
  loadSpecialTasks,
  loadTasks,
  TASKS_PER_CHUNK,
  totalOf,
  WORDS,
} from './data-set.ts';
import { withClient } from './server.ts';
import { type RelationSize, relationSizes } from './sizes.ts';

export function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

/** Creates a database, runs the migrations and loads the data set. @returns sizes without the special users */
export async function loadDataSet(
  server: string,
  name: string,
  size: DataSetSize,
  report: (line: string) => void,
): Promise<readonly RelationSize[]> {
  await withClient(server, (client) => client.query(`create database ${name}`));
  const url = urlOf(server, name);
  const migrator = new Migrator(url);
  await migrator.up().finally(() => migrator.close());

  const total = totalOf(size);
  report(`Loading ${total.toLocaleString('en')} tasks of ${size.users.toLocaleString('en')} users`);
  await withClient(url, async (client) => {
    await client.query(loadLists(size));
    await client.query(loadTasks(size), [WORDS, 0, chunksOf(size.perLarge)]);
  });
  // Only the big user has these chunks.
  return withClient(url, async (client) => {
    const onlyBig = { ...size, users: 1 };
    await client.query(loadTasks(onlyBig), [WORDS, chunksOf(size.perLarge) + 1, chunksOf(size.big)]);
    const { rows } = await client.query('select count(*)::int from tasks');
    if (rows[0].count !== total) throw new Error(`${rows[0].count} tasks were loaded instead of ${total}`);
    const sizes = await relationSizes(url);
    if (size.tombstones !== undefined) {
      await client.query(loadSpecialLists(size.tombstones));
      await client.query(loadSpecialTasks(size.tombstones), [WORDS]);
    }
    await client.query('vacuum (analyze)');
    return sizes;
  });
}

const chunksOf = (tasks: number): number => Math.ceil(tasks / TASKS_PER_CHUNK) - 1;

/** Vacuums, collects statistics and writes dirty pages to disk. */
export const settle = (url: string): Promise<void> =>
  withClient(url, async (client) => {
    await client.query('vacuum (analyze) tasks');
    await client.query('vacuum (analyze) task_lists');
    await client.query('checkpoint');
  });
