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

/**
 * Raises the owner's counter and stores the task in one statement. The counter's row stays locked until the commit, so
 * an owner's revisions become visible in their order. A birth that is there already raises nothing, but in a race.
 */
export const INSERT = compileSql<Birth, TaskRow>(
  'insert_task',
  isOfTask,
  `with head as (
    insert into public.task_lists as l (user_id, revision)
    select :owner, 1 where not exists (select 1 from public.tasks where user_id = :owner and id = :id)
    on conflict (user_id) do update set revision = l.revision + 1
    returning user_id, revision)
  insert into public.tasks (user_id, id, title, description, completed, completed_at, created_at, updated_at, deleted_at,
                     birth_digest, revision)
  select head.user_id, :id, :title, :description, :completed, :completed_at, :created_at, :updated_at, :deleted_at,
         :birth_digest, head.revision
  from head
  on conflict (user_id, id) do nothing
  returning ${COLUMNS}`,
);

/** The revision is compared twice: first so that a late writer seldom raises the counter in vain, then to decide. */
export const UPDATE = compileSql<Replacement, TaskRow>(
  'update_task',
  isOfTask,
  `with head as (
    update public.task_lists set revision = revision + 1
    where user_id = :owner
      and exists (select 1 from public.tasks where user_id = :owner and id = :id and revision = :expected)
    returning user_id, revision)
  update public.tasks t
  set title = :title, description = :description, completed = :completed, completed_at = :completed_at,
      updated_at = :updated_at, deleted_at = :deleted_at, revision = head.revision
  from head
  where t.user_id = head.user_id and t.user_id = :owner and t.id = :id and t.revision = :expected
  returning ${QUALIFIED_COLUMNS}`,
);
