import { Migrator } from '../../src/infrastructure/postgres/migrations/migrator.ts';
import { type DataSetSize, loadLists, loadTasks, TASKS_PER_SITTING, totalOf, WORDS } from './data-set.ts';
import { withClient } from './server.ts';

export function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

/** Makes a database, migrates and fills it. */
export async function loadDataSet(
  server: string,
  name: string,
  size: DataSetSize,
  report: (line: string) => void,
): Promise<void> {
  await withClient(server, (client) => client.query(`create database ${name}`));
  const url = urlOf(server, name);
  const migrator = new Migrator(url);
  await migrator.up().finally(() => migrator.close());

  const total = totalOf(size);
  report(`Loading ${total.toLocaleString('en')} tasks of ${size.owners.toLocaleString('en')} owners`);
  await withClient(url, async (client) => {
    await client.query(loadLists(size));
    await client.query(loadTasks(size), [WORDS, 0, sittingsOf(size.perLarge)]);
  });
  // What the big owner has more than others is in sittings of its own.
  await withClient(url, async (client) => {
    const onlyBig = { ...size, owners: 1 };
    await client.query(loadTasks(onlyBig), [WORDS, sittingsOf(size.perLarge) + 1, sittingsOf(size.big)]);
    await client.query('vacuum (analyze)');
    const { rows } = await client.query('select count(*)::int from tasks');
    if (rows[0].count !== total) throw new Error(`${rows[0].count} tasks were loaded instead of ${total}`);
  });
}

const sittingsOf = (tasks: number): number => Math.ceil(tasks / TASKS_PER_SITTING) - 1;

/** Vacuumed and with statistics; all that is dirty is on disk. */
export const settle = (url: string): Promise<void> =>
  withClient(url, async (client) => {
    await client.query('vacuum (analyze) tasks');
    await client.query('vacuum (analyze) task_lists');
    await client.query('checkpoint');
  });
