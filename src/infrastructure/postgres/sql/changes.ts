import type { UserId } from '../../../domain/ids.ts';
import { TASK_COLUMNS } from './columns.ts';
import { isOf, pageOf, type TaskPage } from './page.ts';
import { compile } from './statement.ts';

export interface ChangesRow {
  readonly user_id: string;
  readonly revision: string;
  readonly purged_revision: string;
  /** `null` where nothing has changed. */
  readonly tasks: TaskPage | null;
}

interface ChangesValues {
  readonly owner: UserId;
  readonly since: number;
  /** One more than the page holds, which tells that there are more. */
  readonly rows: number;
}

const isOfFeed = ({ user_id, tasks }: ChangesRow, { owner }: ChangesValues): boolean =>
  user_id === owner && isOf(owner, tasks);

/** A walk along (user_id, revision): what an idle follower costs is the row of the owner's counter. */
const feed = (onlyLive: boolean) =>
  compile<ChangesValues, ChangesRow>('list_changes', isOfFeed, (knex, { owner, since, rows }) => {
    const page = knex('public.tasks')
      .select(...TASK_COLUMNS)
      .where('user_id', owner)
      .where('revision', '>', since)
      .orderBy('revision');
    if (onlyLive) page.whereNull('deleted_at');

    return knex('public.task_lists')
      .select('user_id', 'revision', 'purged_revision', pageOf(knex, page, rows))
      .where('user_id', owner);
  });

/** For who knows nothing yet, and so of no task that was deleted. */
export const LIVE_CHANGES = feed(true);
export const ALL_CHANGES = feed(false);
