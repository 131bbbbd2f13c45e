import type { Knex } from 'knex';
import type { Revision, TaskId, UserId } from '../../domain/ids.ts';
import type { Task } from '../../domain/task.ts';
import { TASK_COLUMNS } from './task-row.ts';

/** Seconds since 1970, which are exact to the millisecond for a hundred thousand years. */
type Seconds = number;

/** Tasks, column by column. */
export type TaskPage = readonly [
  // The least and the greatest: if both are the owner, all are.
  leastUserId: string,
  greatestUserId: string,
  ids: readonly string[],
  titles: readonly string[],
  descriptions: readonly (string | null)[],
  completed: readonly boolean[],
  completedAt: readonly (Seconds | null)[],
  createdAt: readonly Seconds[],
  updatedAt: readonly Seconds[],
  deletedAt: readonly (Seconds | null)[],
  revisions: readonly number[],
];

const columnsOfPage = TASK_COLUMNS.map((column) => {
  if (column === 'user_id') return 'min(user_id), max(user_id)';
  return column.endsWith('_at') ? `json_agg(date_part('epoch', ${column}))` : `json_agg(${column})`;
});

/**
 * Many tasks as one JSON value, in the order of `page`, or null where there are none. As rows of their own, they would cost
 * the driver several times as much to read; as a JSON value for each task, the server a fifth more to write.
 */
export const pageOf = (knex: Knex, page: Knex.QueryBuilder, rows: Knex.Value): Knex.Raw =>
  knex.raw(
    `(select case when count(*) > 0 then json_build_array(${columnsOfPage}) end from (? limit ?) as page) as tasks`,
    [page, rows],
  );

export const isOf = (owner: string, page: TaskPage | null): boolean =>
  page === null || (page[0] === owner && page[1] === owner);

/** @throws if a task is another owner's: no statement may ever read one, and none is shown if it does */
export function tasksOn(page: TaskPage | null, owner: UserId): Task[] {
  if (page === null) return [];
  if (!isOf(owner, page)) throw new Error('A statement read a task of another owner');
  const [, , ids, titles, descriptions, completed, completedAt, createdAt, updatedAt, deletedAt, revisions] = page;
  return ids.map((id, n) => ({
    id: id as TaskId,
    owner,
    title: titles[n] as string,
    description: descriptions[n] as string | null,
    completed: completed[n] as boolean,
    completedAt: timeOf(completedAt[n] as Seconds | null),
    createdAt: timeOf(createdAt[n] as Seconds),
    updatedAt: timeOf(updatedAt[n] as Seconds),
    deletedAt: timeOf(deletedAt[n] as Seconds | null),
    revision: revisions[n] as Revision,
  }));
}

function timeOf(seconds: Seconds): Date;
function timeOf(seconds: Seconds | null): Date | null;
function timeOf(seconds: Seconds | null): Date | null {
  return seconds === null ? null : new Date(Math.round(seconds * 1_000));
}
