import Fastify from 'fastify';
import { expect, it } from 'vitest';
import type { Scheduler } from '../../src/infrastructure/postgres/scheduling/scheduler.ts';
import { compileSql } from '../../src/infrastructure/postgres/sql/statement.ts';
import { StatementWatch } from './statement-watch.ts';

/** @returns the faults of a statement that is sent for a request of alice */
async function faultsOf(sql: string, owner = 'alice'): Promise<readonly string[]> {
  const scheduler = { run: async () => [] } as unknown as Scheduler;
  const watch = new StatementWatch(scheduler);
  const http = watch.follow(Fastify());
  const statement = compileSql<{ readonly owner: string }, unknown>('test', () => true, sql);
  http.get('/api/:user_id/tasks', async () => {
    // Later than the handler, as after another statement.
    await new Promise((resolve) => setImmediate(resolve));
    await scheduler.run({ lane: 'read', retry: 'read', statement }, { owner });
  });
  await http.inject('/api/alice/tasks');
  return watch.faults;
}

it.each([
  [
    'names the user of each table',
    'select id from tasks t join task_lists l on t.user_id = :owner and l.user_id = :owner',
  ],
  ['inserts for the user', `insert into public.tasks (user_id, id) values (:owner, 'x')`],
  ['is not about tasks', 'select 1'],
])('accepts a statement that %s', async (_what, sql) => {
  expect(await faultsOf(sql)).toEqual([]);
});

it.each([
  ['names no user', 'select id from public.tasks', 'alice'],
  ['has the user and does not ask for them', 'select :owner, id from tasks', 'alice'],
  ['asks for another user', 'delete from "tasks" where "user_id" = :owner', 'bob'],
  ['asks for the user of one table of two', 'select 1 from tasks t join task_lists l on t.user_id = :owner', 'alice'],
  ['inserts for another user', 'insert into tasks (user_id) values (:owner)', 'bob'],
])('reports a statement that %s', async (_what, sql, owner) => {
  expect(await faultsOf(sql, owner)).not.toEqual([]);
});
