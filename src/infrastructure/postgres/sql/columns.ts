import { createHash } from 'node:crypto';
import type { Revision, TaskId, UserId } from '../../../domain/ids.ts';
import type { NewTask, Task } from '../../../domain/task.ts';

/** A row of `tasks` as the driver reads it. */
export interface TaskRow {
  readonly user_id: string;
  readonly id: string;
  readonly title: string;
  readonly description: string | null;
  readonly completed: boolean;
  readonly completed_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly deleted_at: Date | null;
  /** `bigint`, which the driver does not squeeze into a number by itself. */
  readonly revision: string;
}

export const TASK_COLUMNS = [
  'user_id',
  'id',
  'title',
  'description',
  'completed',
  'completed_at',
  'created_at',
  'updated_at',
  'deleted_at',
  'revision',
] as const satisfies readonly (keyof TaskRow)[];

/** The same for SQL that is written by hand, and of a table that it calls `t`. */
export const COLUMNS = TASK_COLUMNS.join(', ');
export const QUALIFIED_COLUMNS = TASK_COLUMNS.map((column) => `t.${column}`).join(', ');

/** @throws if the row is another owner's: no statement may ever read one, and none is shown if it does */
export function toTask(row: TaskRow, owner: UserId): Task {
  if (row.user_id !== owner) throw new Error('A statement read a task of another owner');
  return {
    id: row.id as TaskId,
    owner,
    title: row.title,
    description: row.description,
    completed: row.completed,
    completedAt: row.completed_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    deletedAt: row.deleted_at,
    revision: Number(row.revision) as Revision,
  };
}

/** The columns of a task that can change after its birth, the revision aside. */
export type MutableColumns = Pick<
  TaskRow,
  'title' | 'description' | 'completed' | 'completed_at' | 'updated_at' | 'deleted_at'
>;

export const toMutableColumns = (task: NewTask): MutableColumns => ({
  title: task.title,
  description: task.description,
  completed: task.completed,
  completed_at: task.completedAt,
  updated_at: task.updatedAt,
  deleted_at: task.deletedAt,
});

/** SHA-256 of what the client decided at the birth of a task: tells a repeated create from another one, for good. */
export const birthDigestOf = ({ title, description, completed }: NewTask): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([title, description, completed]))
    .digest();
