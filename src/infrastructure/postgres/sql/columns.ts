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

/** The columns of a task, with their SQL types. Every statement and every row is built from this table. */
const COLUMN_TYPES = {
  user_id: 'text',
  id: 'uuid',
  title: 'text',
  description: 'text',
  completed: 'boolean',
  completed_at: 'timestamptz',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  deleted_at: 'timestamptz',
  revision: 'bigint',
} as const satisfies Record<keyof TaskRow, string>;

export const TASK_COLUMNS = Object.keys(COLUMN_TYPES) as readonly (keyof TaskRow)[];

/** The columns that a change of a task may set, aside from its revision. */
export const MUTABLE_COLUMNS = [
  'title',
  'description',
  'completed',
  'completed_at',
  'updated_at',
  'deleted_at',
] as const satisfies readonly (keyof TaskRow)[];

/** The columns that a new task sets, aside from its user and its revision. */
export const NEW_COLUMNS = ['id', ...MUTABLE_COLUMNS, 'created_at', 'birth_digest'] as const;

/** A list of columns in SQL. @param prefix names the table, like `t.` */
export const listOf = (columns: readonly string[], prefix = ''): string =>
  columns.map((column) => prefix + column).join(', ');

/** A column definition list in SQL. */
export const definitionsOf = (columns: readonly string[]): string =>
  columns
    .map((column) => `${column} ${{ ...COLUMN_TYPES, birth_digest: 'bytea', expected: 'bigint' }[column]}`)
    .join(', ');

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

export type MutableColumns = Pick<TaskRow, (typeof MUTABLE_COLUMNS)[number]>;

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
