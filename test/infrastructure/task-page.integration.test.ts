import type { Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { UserId } from '../../src/domain/ids.ts';
import type { Task } from '../../src/domain/task.ts';
import { isOf, pageOf, type TaskPage, tasksOn } from '../../src/infrastructure/postgres/sql/page.ts';
import { freshOwner } from '../support/owners.ts';
import { aBirth, at } from '../support/tasks.ts';
import { openTasks } from '../support/tasks-in-database.ts';

const { tasks: repository, knex, close } = openTasks(inject('databaseUrl'));
afterAll(close);

/** What a statement would read that asks for `tasks`, which a right one limits to an owner. */
async function pageFrom(tasks: Knex.QueryBuilder, rows = 100): Promise<TaskPage | null> {
  const [row] = await knex.select(pageOf(knex, tasks, rows));
  return row.tasks;
}

describe('a page', () => {
  const [first, second] = [freshOwner(), freshOwner()].sort() as [UserId, UserId];
  const owned = (...owners: string[]) => knex('public.tasks').whereIn('user_id', owners).orderBy('revision');
  const stored: Task[] = [];

  beforeAll(async () => {
    const completed = { completed: true, completedAt: at(1) };
    for (const birth of [
      aBirth({ owner: first, description: '', ...completed }),
      aBirth({ owner: first, title: '"\\,\n\u2028😀', createdAt: at(-60_000_000_000_001), updatedAt: at(2) }),
      aBirth({ owner: second }),
    ]) {
      const added = await repository.add(birth);
      if (added.ok) stored.push(added.value.task);
    }
  });

  it('holds what is stored, in its order, up to its length', async () => {
    const mine = stored.filter(({ owner }) => owner === first);
    expect(tasksOn(await pageFrom(owned(first)), first)).toEqual(mine);
    expect(tasksOn(await pageFrom(owned(first), 1), first)).toEqual(mine.slice(0, 1));
  });

  it('is nothing where nothing is found', async () => {
    expect(await pageFrom(owned(freshOwner()))).toBeNull();
  });

  it('is of nobody if it holds tasks of two owners', async () => {
    const page = await pageFrom(owned(first, second));
    expect([isOf(first, page), isOf(second, page)]).toEqual([false, false]);
    expect(() => tasksOn(page, first)).toThrow('of another owner');
  });
});
