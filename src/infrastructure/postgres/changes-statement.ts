import type { Knex } from 'knex';
import type { ChangesQuery } from '../../application/ports.ts';
import type { UserId } from '../../domain/ids.ts';
import { TASK_COLUMNS, type TaskRow } from './task-row.ts';

/** The task's columns are `null` where nothing has changed. */
export type ChangeRow = (TaskRow | { readonly [Column in keyof TaskRow]: null }) & {
  readonly list_revision: string;
  readonly purged_revision: string;
};

/**
 * One change more than the page holds, which tells that there are more. A walk along (user_id, revision): what an idle
 * follower costs is the row of the owner's counter.
 */
export function changesStatement(knex: Knex, owner: UserId, { since, limit }: ChangesQuery): Knex.QueryBuilder {
  const page = knex('public.tasks')
    .select(...TASK_COLUMNS)
    .where('user_id', owner)
    .orderBy('revision')
    .limit(limit + 1);
  if (since === undefined) page.whereNull('deleted_at');
  else page.where('revision', '>', since);

  return knex('public.task_lists as l')
    .select('l.revision as list_revision', 'l.purged_revision', ...TASK_COLUMNS.map((column) => `t.${column}`))
    .leftJoin(knex.raw('lateral ? as t', [page]), knex.raw('true'))
    .where('l.user_id', owner)
    .orderBy('t.revision');
}
