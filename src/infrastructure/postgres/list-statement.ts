import type { Knex } from 'knex';
import type { ListQuery } from '../../application/ports.ts';
import type { UserId } from '../../domain/ids.ts';
import { TASK_COLUMNS, type TaskRow } from './task-row.ts';

/** The task's columns are `null` where the page is empty. */
export type ListRow = (TaskRow | { readonly [Column in keyof TaskRow]: null }) & {
  readonly list_revision: string;
  readonly total?: string;
};

/**
 * One task more than the page holds, which tells that another page follows. The page, the total and the owner's revision
 * come from one statement, and so from one moment.
 */
export function listStatement(knex: Knex, owner: UserId, query: ListQuery): Knex.QueryBuilder {
  const columns = query.orderBy === 'revision' ? ['revision'] : ['created_at', 'id'];
  const order = query.descending ? 'desc' : 'asc';

  const page = matchingTasks(knex, owner, query)
    .select(...TASK_COLUMNS)
    .orderBy(columns.map((column) => ({ column, order })))
    .limit(query.limit + 1);
  if (query.after !== undefined) {
    const { revision, createdAt, id } = query.after;
    const position = query.orderBy === 'revision' ? [revision] : [createdAt, id];
    page.whereRaw(`(${columns}) ${query.descending ? '<' : '>'} (${position.map(() => '?')})`, position);
  }

  const statement = knex('public.task_lists as l')
    .select('l.revision as list_revision', ...TASK_COLUMNS.map((name) => `t.${name}`))
    .leftJoin(knex.raw('lateral ? as t', [page]), knex.raw('true'))
    .where('l.user_id', owner)
    .orderBy(columns.map((column) => ({ column: `t.${column}`, order })));
  if (query.withTotal) statement.select(matchingTasks(knex, owner, query).count().as('total'));
  return statement;
}

function matchingTasks(knex: Knex, owner: UserId, { deleted, completed, text }: ListQuery): Knex.QueryBuilder {
  const tasks = knex('public.tasks').where('user_id', owner);
  if (deleted) tasks.whereNotNull('deleted_at');
  else tasks.whereNull('deleted_at');
  if (completed !== undefined) tasks.where({ completed });
  if (text !== undefined) {
    const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
    tasks.where((either) =>
      either.whereRaw(containsText('title'), pattern).orWhereRaw(containsText('description'), pattern),
    );
  }
  return tasks;
}

const containsText = (column: string): string => `${folded(column)} like ${folded('?')}`;

/**
 * The collation is named so that letters beyond ASCII fold too, whatever the locale of the database. Upper case at last,
 * because lower case tells a sigma at the end of a word from the others; lower case before, which brings signs such as that
 * of Kelvin together with their letters.
 */
const folded = (text: string): string => `upper(lower(${text} collate "und-x-icu"))`;
