import { listOf, MUTABLE_COLUMNS, type MutableColumns, NEW_COLUMNS, TASK_COLUMNS, type TaskRow } from './columns.ts';
import { BOUNDED_LOCK_WAIT, compile, compileSql } from './statement.ts';

/** Which task is meant. */
export interface TaskKey {
  readonly owner: string;
  readonly id: string;
}

/** A task to be created. */
export interface Birth extends TaskKey, MutableColumns {
  readonly created_at: Date;
  readonly birth_digest: Buffer;
}

/** What a task is to become, if it is still at the expected revision. */
export interface Replacement extends TaskKey, MutableColumns {
  readonly expected: number;
}

/** `birth_digest` is null for a task that was stored just now, and that of the creation for one that was there before. */
export type CreatedRow = TaskRow & { readonly birth_digest: Buffer | null };

const isOfTask = (row: TaskRow, { owner, id }: TaskKey): boolean => row.user_id === owner && row.id === id;

export const FIND = compile<TaskKey, TaskRow>('find_task', isOfTask, (knex, { owner, id }) =>
  knex('public.tasks')
    .select(...TASK_COLUMNS)
    .where({ user_id: owner, id }),
);

/** A SELECT of the tasks that `stored` has inserted, and of those that `existing` has found. */
export const STORED_OR_EXISTING = `
  select ${listOf(TASK_COLUMNS)}, null::bytea as birth_digest from stored
  union all
  select ${listOf(TASK_COLUMNS)}, birth_digest from existing`;

/**
 * A task that is there already is returned, and nothing is written.
 * @param head raises the user's counter, `l`. Its row stays locked until the commit, so revisions become visible in order
 */
const insertOf = (head: string) =>
  compileSql<Birth, CreatedRow>(
    'insert_task',
    isOfTask,
    `with existing as (
    select ${listOf(TASK_COLUMNS)}, birth_digest from public.tasks where user_id = :owner and id = :id),
  head as (${head}
    returning l.user_id, l.revision),
  stored as (
    insert into public.tasks (user_id, ${listOf(NEW_COLUMNS)}, revision)
    select head.user_id, ${listOf(NEW_COLUMNS, ':')}, head.revision from head
    on conflict (user_id, id) do nothing
    returning ${listOf(TASK_COLUMNS)})
  ${STORED_OR_EXISTING}`,
  );

/** Returns no row if the user's counter is locked, or not there yet. */
export const INSERT_UNLOCKED = insertOf(`
    update public.task_lists l set revision = l.revision + 1
    from (select user_id from public.task_lists
          where user_id = :owner and not exists (select 1 from existing) for update skip locked) as free
    where l.user_id = :owner and l.user_id = free.user_id`);

/** Returns no row if a concurrent statement created the same task: the next statement can see it. */
export const INSERT = insertOf(`
    insert into public.task_lists as l (user_id, revision)
    select :owner, 1 from ${BOUNDED_LOCK_WAIT}
    where lock_timeout is not null and not exists (select 1 from existing)
    on conflict (user_id) do update set revision = l.revision + 1`);

/**
 * Returns no row if the task is no longer at the expected revision. The revision is compared twice: first so that a late
 * writer seldom raises the counter in vain, then to decide.
 * @param head restricts the update of the user's counter, `l`
 */
const updateOf = (head: string) =>
  compileSql<Replacement, TaskRow>(
    'update_task',
    isOfTask,
    `with head as (
    update public.task_lists l set revision = l.revision + 1
    ${head}
    returning l.user_id, l.revision)
  update public.tasks t
  set ${MUTABLE_COLUMNS.map((column) => `${column} = :${column}`)}, revision = head.revision
  from head
  where t.user_id = head.user_id and t.user_id = :owner and t.id = :id and t.revision = :expected
  returning ${listOf(TASK_COLUMNS, 't.')}`,
  );

/** Returns no row if the user's counter or the task is locked, either. */
export const UPDATE_UNLOCKED = updateOf(`from (
      select l.user_id from public.task_lists l join public.tasks t on t.user_id = l.user_id
      where l.user_id = :owner and t.user_id = :owner and t.id = :id and t.revision = :expected
      for update skip locked) as free
    where l.user_id = :owner and l.user_id = free.user_id`);

export const UPDATE = updateOf(`from ${BOUNDED_LOCK_WAIT}
    where l.user_id = :owner and lock_timeout is not null
      and exists (select 1 from public.tasks where user_id = :owner and id = :id and revision = :expected)`);
