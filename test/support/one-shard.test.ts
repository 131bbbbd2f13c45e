import { describe, expect, it } from 'vitest';
import { shardFaults } from './one-shard.ts';

const bindings = ['alice', 'alice', 'bob', 5];

describe('a statement that runs on one shard', () => {
  it.each([
    'select title from public.tasks where user_id = $1',
    'select "title" from "public"."tasks" where "user_id" = $1 and "id" = $4',
    'select title from public.tasks where user_id = $1 and (title = $4 or completed)',
    'select 1 from public.task_lists as l left join lateral (select id from public.tasks where user_id = $1) as t on true where l.user_id = $2',
    'update public.task_lists set revision = 1 where user_id = $1 and exists (select 1 from public.tasks where user_id = $2)',
    'update public.tasks t set title = $4 from head where t.user_id = head.user_id and t.user_id = $1',
    'delete from public.tasks t using head where t.user_id = $1 and t.id in (select id from public.tasks where user_id = $2)',
    'insert into public.task_lists as l (user_id, revision) select $1, 1 on conflict (user_id) do update set revision = l.revision + 1',
    'insert into public.tasks (user_id, id) select head.user_id, $4 from head',
    'insert into public.tasks (user_id, id) values ($1, $4)',
  ])('is found to: %s', (sql) => {
    expect(shardFaults(sql, bindings, 'alice')).toEqual([]);
  });
});

describe('a statement that may not', () => {
  it.each([
    ['no owner', 'select title from public.tasks where id = $4'],
    ['another owner', 'select title from public.tasks where user_id = $3'],
    [
      'two owners',
      'select 1 from public.tasks where user_id = $1 and exists (select 1 from public.task_lists where user_id = $3)',
    ],
    [
      'no owner inside',
      'select 1 from public.task_lists l join lateral (select id from public.tasks) t on true where l.user_id = $1',
    ],
    [
      'no owner of one of two',
      'select 1 from public.tasks t join public.task_lists l on l.user_id = t.user_id where t.user_id = $1',
    ],
    ['an owner or something else', 'select 1 from public.tasks where user_id = $1 or id = $4'],
    ['several owners', 'select 1 from public.tasks where user_id in ($1, $3)'],
    ['owners beyond one', 'select 1 from public.tasks where user_id > $1'],
    ['a list of tables', 'select 1 from public.tasks t, public.task_lists l where t.user_id = $1'],
    ['an insert from elsewhere', 'insert into public.tasks (id, user_id) select $4, $1'],
    ['an insert for another owner', 'insert into public.tasks (user_id, id) values ($3, $4)'],
    ['an insert of several rows', 'insert into public.tasks (user_id, id) values ($1, $4), ($3, $4)'],
    ['an insert from another table', 'insert into public.tasks (user_id, id) select t.owner, $4 from t'],
  ])('is found to: %s', (_what, sql) => {
    expect(shardFaults(sql, bindings, 'alice')).not.toEqual([]);
  });
});
