import type { UserId } from '../../domain/ids.ts';
import { compile } from './statement.ts';
import { TASK_COLUMNS, type TaskRow } from './task-row.ts';

/** The task's columns are `null` where nothing has changed. */
export type ChangeRow = (TaskRow | { readonly [Column in keyof TaskRow]: null }) & {
  readonly list_owner: string;
  readonly list_revision: string;
  readonly purged_revision: string;
};

interface ChangesValues {
  readonly owner: UserId;
  readonly since: number | undefined;
  /** One more than the page holds, which tells that there are more. */
  readonly rows: number;
}

const isOfFeed = ({ list_owner, user_id }: ChangeRow, { owner }: ChangesValues): boolean =>
  list_owner === owner && (user_id === null || user_id === owner);

/** A walk along (user_id, revision): what an idle follower costs is the row of the owner's counter. */
const feed = (isFirst: boolean) =>
  compile<ChangesValues, ChangeRow>('list_changes', isOfFeed, (knex, { owner, since, rows }) => {
    const page = knex('public.tasks')
      .select(...TASK_COLUMNS)
      .where('user_id', owner)
      .orderBy('revision');
    if (isFirst) page.whereNull('deleted_at');
    else page.where('revision', '>', since);

    return knex('public.task_lists as l')
      .select('l.user_id as list_owner', 'l.revision as list_revision', 'l.purged_revision')
      .select(...TASK_COLUMNS.map((column) => `t.${column}`))
      .leftJoin(knex.raw('lateral (? limit ?) as t', [page, rows]), knex.raw('true'))
      .where('l.user_id', owner)
      .orderBy('t.revision');
  });

/** The live tasks, for who knows nothing yet. */
export const FIRST_CHANGES = feed(true);
export const CHANGES_SINCE = feed(false);
