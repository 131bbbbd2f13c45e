import { EventEmitter } from 'node:events';
import Fastify from 'fastify';
import type { Knex } from 'knex';
import { expect, it } from 'vitest';
import { StatementWatch } from './statement-watch.ts';

/** @returns what is said of a statement that a request of alice leads to */
async function faultsOf(sql: string, bindings: readonly unknown[] = []): Promise<readonly string[]> {
  const knex = new EventEmitter();
  const watch = new StatementWatch(knex as unknown as Knex);
  const http = watch.follow(Fastify());
  http.get('/api/:user_id/tasks', async () => {
    // As a driver does, later than the handler.
    await new Promise((resolve) => setImmediate(resolve));
    knex.emit('query', { sql, bindings });
  });
  await http.inject('/api/alice/tasks');
  return watch.faults;
}

it.each([
  [
    'names the owner of each table',
    'select id from tasks t join task_lists l on t.user_id = $1 and l.user_id = $1',
    ['alice'],
  ],
  ['inserts for the owner', 'insert into public.tasks (user_id, id) values ($1, $2)', ['alice', 'x']],
  ['is not about tasks', 'select 1', []],
])('has nothing to say about a statement that %s', async (_what, sql, bindings) => {
  expect(await faultsOf(sql, bindings)).toEqual([]);
});

it.each([
  ['names no owner', 'select id from public.tasks', []],
  ['binds the owner and does not ask for them', 'select $1, id from tasks', ['alice']],
  ['asks for another owner', 'delete from "tasks" where "user_id" = $1', ['bob']],
  ['asks for the owner of one table of two', 'select 1 from tasks t join task_lists l on t.user_id = $1', ['alice']],
  ['inserts for another owner', 'insert into tasks (user_id) values ($1)', ['bob']],
])('notices a statement that %s', async (_what, sql, bindings) => {
  expect(await faultsOf(sql, bindings)).not.toEqual([]);
});
