import { compile, compileSql } from './statement.ts';
import { COLUMNS, type MutableColumns, QUALIFIED_COLUMNS, TASK_COLUMNS, type TaskRow } from './task-row.ts';

/** Which task is meant. */
export interface TaskKey {
  readonly owner: string;
  readonly id: string;
}

/** A task that is to be born. */
export interface Birth extends TaskKey, MutableColumns {
  readonly created_at: Date;
  readonly birth_digest: Buffer;
}

/** What a task is to become, if it is still at the expected revision. */
export interface Replacement extends TaskKey, MutableColumns {
  readonly expected: number;
}

export type BirthRow = TaskRow & { readonly birth_digest: Buffer };

export interface HeadRow {
  readonly user_id: string;
  readonly revision: string;
}

const isOfTask = (row: TaskRow, { owner, id }: TaskKey): boolean => row.user_id === owner && row.id === id;

export const FIND = compile<TaskKey, TaskRow>('find_task', isOfTask, (knex, { owner, id }) =>
  knex('public.tasks')
    .select(...TASK_COLUMNS)
    .where({ user_id: owner, id }),
);

/** With what tells a repeated create from another one. */
export const FIND_BIRTH = compile<TaskKey, BirthRow>('find_birth', isOfTask, (knex, { owner, id }) =>
  knex('public.tasks')
    .select(...TASK_COLUMNS, 'birth_digest')
    .where({ user_id: owner, id }),
);

export const HEAD = compile<Pick<TaskKey, 'owner'>, HeadRow>(
  'find_revision',
  (row, { owner }) => row.user_id === owner,
  (knex, { owner }) => knex('public.task_lists').select('user_id', 'revision').where('user_id', owner),
);

/** @param head raises the owner's counter, `l`. Its row stays locked until the commit, so revisions become visible in order */
const insertOf = (purpose: string, head: string) =>
  compileSql<Birth, TaskRow>(
    purpose,
    isOfTask,
    `with head as (${head}
    returning l.user_id, l.revision)
  insert into public.tasks (user_id, id, title, description, completed, completed_at, created_at, updated_at, deleted_at,
                     birth_digest, revision)
  select head.user_id, :id, :title, :description, :completed, :completed_at, :created_at, :updated_at, :deleted_at,
         :birth_digest, head.revision
  from head
  on conflict (user_id, id) do nothing
  returning ${COLUMNS}`,
  );

/** A birth that is there already raises nothing, but in a race. */
export const INSERT = insertOf(
  'insert_task',
  `
    insert into public.task_lists as l (user_id, revision)
    select :owner, 1 where not exists (select 1 from public.tasks where user_id = :owner and id = :id)
    on conflict (user_id) do update set revision = l.revision + 1`,
);

const FREE_COUNTER = 'select user_id from public.task_lists where user_id = :owner for update skip locked';

/** Waits for nobody: stores nothing if the owner's counter is locked, or not there yet. */
export const INSERT_IF_FREE = insertOf(
  'insert_task_if_free',
  `
    update public.task_lists l set revision = l.revision + 1
    from (${FREE_COUNTER}) as free
    where l.user_id = free.user_id
      and not exists (select 1 from public.tasks where user_id = :owner and id = :id)`,
);

/**
 * The revision is compared twice: first so that a late writer seldom raises the counter in vain, then to decide.
 *
 * @param counter names the owner's counter, `l`
 */
const updateOf = (purpose: string, counter: string) =>
  compileSql<Replacement, TaskRow>(
    purpose,
    isOfTask,
    `with head as (
    update public.task_lists l set revision = l.revision + 1
    ${counter}
      and exists (select 1 from public.tasks where user_id = :owner and id = :id and revision = :expected)
    returning l.user_id, l.revision)
  update public.tasks t
  set title = :title, description = :description, completed = :completed, completed_at = :completed_at,
      updated_at = :updated_at, deleted_at = :deleted_at, revision = head.revision
  from head
  where t.user_id = head.user_id and t.user_id = :owner and t.id = :id and t.revision = :expected
  returning ${QUALIFIED_COLUMNS}`,
  );

export const UPDATE = updateOf('update_task', 'where l.user_id = :owner');

/** Waits for nobody: changes nothing if the owner's counter is locked. */
export const UPDATE_IF_FREE = updateOf(
  'update_task_if_free',
  `from (${FREE_COUNTER}) as free
    where l.user_id = free.user_id`,
);
