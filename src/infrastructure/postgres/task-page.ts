import type { Knex } from 'knex';
import type { Revision, TaskId, UserId } from '../../domain/ids.ts';
import type { Task } from '../../domain/task.ts';
import { TASK_COLUMNS } from './task-row.ts';

/** Seconds since 1970, which are exact to the millisecond for a hundred thousand years. */
type Seconds = number;

/** A task on a page: the columns of its row, in their order. */
export type TaskTuple = readonly [
  userId: string,
  id: string,
  title: string,
  description: string | null,
  completed: boolean,
  completedAt: Seconds | null,
  createdAt: Seconds,
  updatedAt: Seconds,
  deletedAt: Seconds | null,
  revision: number,
];

const inTuple = TASK_COLUMNS.map((column) => (column.endsWith('_at') ? `date_part('epoch', ${column})` : column));

/**
 * Many tasks as one JSON value, in the order of `page`. As rows of their own, they would cost the driver several times as
 * much to read: a string for each column, and a pattern for each time.
 */
export const tasksOf = (knex: Knex, page: Knex.QueryBuilder, rows: Knex.Value): Knex.Raw =>
  knex.raw(`(select json_agg(json_build_array(${inTuple})) from (? limit ?) as page) as tasks`, [page, rows]);

export const areOf = (owner: string, tasks: readonly TaskTuple[] | null): boolean =>
  tasks === null || tasks.every(([userId]) => userId === owner);

/** @throws if a task is another owner's: no statement may ever read one, and none is shown if it does */
export function fromTuple(tuple: TaskTuple, owner: UserId): Task {
  const [userId, id, title, description, completed, completedAt, createdAt, updatedAt, deletedAt, revision] = tuple;
  if (userId !== owner) throw new Error('A statement read a task of another owner');
  return {
    id: id as TaskId,
    owner,
    title,
    description,
    completed,
    completedAt: completedAt === null ? null : timeOf(completedAt),
    createdAt: timeOf(createdAt),
    updatedAt: timeOf(updatedAt),
    deletedAt: deletedAt === null ? null : timeOf(deletedAt),
    revision: revision as Revision,
  };
}

const timeOf = (seconds: Seconds): Date => new Date(Math.round(seconds * 1_000));
