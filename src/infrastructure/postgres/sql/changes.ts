import { canExceedPageBytes } from '../../../application/page-bytes.ts';
import type { UserId } from '../../../domain/ids.ts';
import { TASK_COLUMNS } from './columns.ts';
import { boundedPageOf, isOf, pageOf, pageQuery, type TaskPage } from './page.ts';
import { compile, type Query } from './statement.ts';

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
function feed(onlyLive: boolean, isBounded: boolean): Query<ChangesValues, ChangesRow> {
  const toPage = isBounded ? boundedPageOf : pageOf;
  const statement = compile<ChangesValues, ChangesRow>('list_changes', isOfFeed, (knex, { owner, since, rows }) => {
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
  return pageQuery(statement, isBounded);
}

const ALL = { plain: feed(false, false), bounded: feed(false, true) };
/** For initial syncs, which leave tombstones out. */
const LIVE = { plain: feed(true, false), bounded: feed(true, true) };

export function changesQuery(onlyLive: boolean, limit: number): Query<ChangesValues, ChangesRow> {
  const { plain, bounded } = onlyLive ? LIVE : ALL;
  return canExceedPageBytes(limit) ? bounded : plain;
}
