import type { Knex } from 'knex';
import { PAGE_MAX_BYTES } from '../../../application/page-bytes.ts';
import type { Revision, TaskId, UserId } from '../../../domain/ids.ts';
import type { Task } from '../../../domain/task.ts';
import { listOf, TASK_COLUMNS, type TaskRow } from './columns.ts';
import { batchByUnion, type Query, type Statement } from './statement.ts';

/** Since 1970, which are exact to the millisecond for a hundred thousand years. */
type Seconds = number;

/** A row as JSON. */
type JsonRow = {
  [Column in Exclude<keyof TaskRow, 'user_id'>]: Column extends 'revision' ? number : InJson<TaskRow[Column]>;
};
type InJson<Value> = Value extends Date ? Seconds : Value;

/** Tasks, column by column. */
export type TaskPage = { readonly [Column in keyof JsonRow]: readonly JsonRow[Column][] } & {
  /** The least and the greatest: if both are the owner, all are. */
  readonly user_id: readonly [least: string, greatest: string];
  /** Rows that were read, also those that did not fit. Only on a page from `boundedPageOf`. */
  readonly found?: number;
};

const columnsOfPage = TASK_COLUMNS.map((column) => `'${column}', ${valuesOf(column)}`);

function valuesOf(column: keyof TaskRow): string {
  if (column === 'user_id') return 'json_build_array(min(user_id), max(user_id))';
  return column.endsWith('_at') ? `json_agg(date_part('epoch', ${column}))` : `json_agg(${column})`;
}

/**
 * Many tasks as one JSON value, in the order of `page`, or null where there are none. As rows of their own, they would cost
 * the driver several times as much to read; as a JSON value for each task, the server a fifth more to write.
 */
export const pageOf = (knex: Knex, page: Knex.QueryBuilder, rows: Knex.Value): Knex.Raw =>
  knex.raw(
    `(select case when count(*) > 0 then json_build_object(${columnsOfPage}) end from (? limit ?) as page) as tasks`,
    [page, rows],
  );

/** `octet_length` does not detoast: a long text is read only if it is on the page. */
const TEXT_BYTES = 'sum(octet_length(title) + coalesce(octet_length(description), 0))';

/** The running sum would slow every page down by a third, so it is computed only if not all rows fit. */
const FITTING_ROWS = `
  case when ${TEXT_BYTES} <= ${PAGE_MAX_BYTES} then count(*)
  else (select count(*)
        from (select ${TEXT_BYTES} over (rows unbounded preceding) as bytes from candidates) as running
        where bytes <= ${PAGE_MAX_BYTES}) end`;

/** The same, but the page ends before its text exceeds `PAGE_MAX_BYTES`. */
export const boundedPageOf = (knex: Knex, page: Knex.QueryBuilder, rows: Knex.Value): Knex.Raw =>
  knex.raw(
    `(with candidates as materialized (? limit ?),
           counts as materialized (select count(*) as found, ${FITTING_ROWS} as fitting from candidates)
      select case when count(*) > 0
             then json_build_object('found', (select found from counts), ${columnsOfPage}) end
      from (select ${listOf(TASK_COLUMNS)} from candidates limit (select fitting from counts)) as page) as tasks`,
    [page, rows],
  );

/** Pages that need no bound share a statement: together they are smaller than one that does. */
const PAGES_PER_STATEMENT = 4;

/** A query for a page that follows an index. */
export const pageQuery = <Values, Row extends object>(
  statement: Statement<Values, Row[]>,
  isBounded: boolean,
): Query<Values, Row> => ({
  lane: 'page',
  retry: 'read',
  statement,
  ...(!isBounded && { batch: batchByUnion(statement, PAGES_PER_STATEMENT) }),
});

export const isOf = (owner: string, page: TaskPage | null): boolean =>
  page === null || page.user_id.every((one) => one === owner);

/** @throws if a task is another owner's: no statement may ever read one, and none is shown if it does */
export function tasksOn(page: TaskPage | null, owner: UserId): Task[] {
  if (page === null) return [];
  if (!isOf(owner, page)) throw new Error('A statement read a task of another owner');
  const { title, description, completed, completed_at, created_at, updated_at, deleted_at, revision } = page;
  return page.id.map((id, n) => ({
    id: id as TaskId,
    owner,
    title: title[n] as string,
    description: description[n] as string | null,
    completed: completed[n] as boolean,
    completedAt: timeOf(completed_at[n] as Seconds | null),
    createdAt: timeOf(created_at[n] as Seconds),
    updatedAt: timeOf(updated_at[n] as Seconds),
    deletedAt: timeOf(deleted_at[n] as Seconds | null),
    revision: revision[n] as Revision,
  }));
}

/** @param limit tasks on the page, one less than the rows that were asked for */
export function readPage(page: TaskPage | null, owner: UserId, limit: number): { tasks: Task[]; hasMore: boolean } {
  const read = tasksOn(page, owner);
  const tasks = read.slice(0, limit);
  return { tasks, hasMore: (page?.found ?? read.length) > tasks.length };
}

function timeOf(seconds: Seconds): Date;
function timeOf(seconds: Seconds | null): Date | null;
function timeOf(seconds: Seconds | null): Date | null {
  return seconds === null ? null : new Date(Math.round(seconds * 1_000));
}
