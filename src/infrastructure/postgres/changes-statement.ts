import { canExceedPageBytes } from '../../application/page-bytes.ts';
import type { UserId } from '../../domain/ids.ts';
import { compile, type Statement } from './statement.ts';
import { boundedPageOf, isOf, pageOf, type TaskPage } from './task-page.ts';
import { TASK_COLUMNS } from './task-row.ts';

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
  /** One more than the page holds: the extra row shows that more follow. */
  readonly rows: number;
}

const isOfFeed = ({ user_id, tasks }: ChangesRow, { owner }: ChangesValues): boolean =>
  user_id === owner && isOf(owner, tasks);

/** Walks an index on (user_id, revision). */
const feed = (onlyLive: boolean, toPage: typeof pageOf) =>
  compile<ChangesValues, ChangesRow>('list_changes', isOfFeed, (knex, { owner, since, rows }) => {
    const page = knex('public.tasks')
      .select(...TASK_COLUMNS)
      .where('user_id', owner)
      .where('revision', '>', since)
      .orderBy('revision');
    if (onlyLive) page.whereNull('deleted_at');

    return knex('public.task_lists')
      .select('user_id', 'revision', 'purged_revision', toPage(knex, page, rows))
      .where('user_id', owner);
  });

const ALL = { plain: feed(false, pageOf), bounded: feed(false, boundedPageOf) };
/** For initial syncs, which leave tombstones out. */
const LIVE = { plain: feed(true, pageOf), bounded: feed(true, boundedPageOf) };

export function changesStatement(onlyLive: boolean, limit: number): Statement<ChangesValues, ChangesRow> {
  const { plain, bounded } = onlyLive ? LIVE : ALL;
  return canExceedPageBytes(limit) ? bounded : plain;
}
