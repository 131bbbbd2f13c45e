import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import knex, { type Knex } from 'knex';
import { describe, expect, it } from 'vitest';
import type { TaskRepository } from '../../src/application/ports.ts';
import type { Revision, UserId } from '../../src/domain/ids.ts';
import { withOwnDatabase } from '../support/own-database.ts';
import { COMMANDS, run } from '../support/service-process.ts';
import { aBirth } from '../support/tasks.ts';
import { openTasks } from '../support/tasks-in-database.ts';

const alice = 'alice' as UserId;
const bob = 'bob' as UserId;

const operations = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
const [, BEGIN_COUNTERS_ELSEWHERE = ''] =
  /```sql\n([^`]*insert into public\.task_lists[^`]*)```/.exec(operations) ?? [];

const TABLES = ['task_lists', 'tasks'];

/** What `pg_dump` keeps of the two tables, and `pg_restore` brings back. */
async function backUp(database: Knex): Promise<() => Promise<void>> {
  for (const table of TABLES) await database.raw(`create table backup_${table} as table public.${table}`);
  return async () => {
    for (const table of TABLES) await database.raw(`truncate public.${table}`);
    for (const table of TABLES) await database.raw(`insert into public.${table} table backup_${table}`);
  };
}

/** Alice has a task in the backup and two from after it, Bob two from after it; each is followed to the end. */
async function restored(
  use: (tasks: TaskRepository, DATABASE_URL: string, database: Knex) => Promise<void>,
): Promise<void> {
  await withOwnDatabase(async (url) => {
    const database = knex({ client: 'pg', connection: url });
    const { tasks, close } = openTasks(url);
    try {
      await tasks.add(aBirth({ owner: alice, title: 'before' }));
      const restore = await backUp(database);
      for (const owner of [alice, alice, bob, bob]) await tasks.add(aBirth({ owner, title: 'after' }));
      await restore();
      await use(tasks, url, database);
    } finally {
      await Promise.all([close(), database.destroy()]);
    }
  });
}

/** What a follower is told who had seen everything before the restore. */
async function followed(tasks: TaskRepository, owner: UserId): Promise<string> {
  const since = (owner === alice ? 3 : 2) as Revision;
  const page = await tasks.changes(owner, { since, limit: 10 });
  return page.ok ? `${page.value.changes.length} changes` : page.failure.kind;
}

const writeThree = async (tasks: TaskRepository, owner: UserId) => {
  for (let n = 0; n < 3; n++) await tasks.add(aBirth({ owner, title: 'anew' }));
};

describe('after a backup was restored', () => {
  it('a follower is sent back at first, but misses changes once the counter has passed it', () =>
    restored(async (tasks) => {
      expect([await followed(tasks, alice), await followed(tasks, bob)]).toEqual([
        'resync-required',
        'resync-required',
      ]);
      await writeThree(tasks, alice);
      await writeThree(tasks, bob);
      // Three were made in each list; and what had been there, and is no more, is told to nobody.
      expect([await followed(tasks, alice), await followed(tasks, bob)]).toEqual(['1 changes', '1 changes']);
    }));

  it('`resync` and the statement of docs/operations.md send all followers back, for good', () =>
    restored(async (tasks, DATABASE_URL, database) => {
      expect(await run([...COMMANDS, 'resync', '--yes'], { DATABASE_URL })).toMatchObject({
        code: 0,
        stdout: 'Raised the revisions of 1 owners. Their followers begin again.\n',
      });
      await database.raw(BEGIN_COUNTERS_ELSEWHERE);
      for (const owner of [alice, bob]) {
        expect(await followed(tasks, owner)).toBe('resync-required');
        await writeThree(tasks, owner);
        expect(await followed(tasks, owner)).toBe('resync-required');
      }
      const begun = await tasks.changes(alice, { since: undefined, limit: 10 });
      expect(begun.ok && begun.value.changes.map(({ title }) => title)).toEqual(['before', 'anew', 'anew', 'anew']);
      expect(await tasks.revision(alice)).toBe(1_000_004);
      expect(await tasks.revision(bob)).toBe(1_000_003);
    }));
});
