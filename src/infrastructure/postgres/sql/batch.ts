import { COLUMNS, QUALIFIED_COLUMNS, type TaskRow } from './columns.ts';
import {
  type Birth,
  type CreatedRow,
  FIND,
  INSERT,
  INSERT_UNLOCKED,
  type Replacement,
  type RevisionRow,
  type TaskKey,
  UPDATE,
  UPDATE_UNLOCKED,
} from './single.ts';
import { batchByKey, compileSql, type Query } from './statement.ts';

/** More made single statements slower, and nothing faster. */
const MAX_SIZE = 64;

/** Ids have one length, so no two tasks have the same key. */
const keyOf = ({ id, owner }: TaskKey): string => id + owner;
const keyOfRow = ({ id, user_id }: TaskRow): string => id + user_id;

/** The lane checks which row belongs to whom. */
const any = (): boolean => true;

interface Keys {
  readonly owners: readonly string[];
  readonly ids: readonly string[];
}

const FIND_MANY = compileSql<Keys, TaskRow>(
  'find_task',
  any,
  `select ${QUALIFIED_COLUMNS}
  from unnest(:owners::text[], :ids::uuid[]) as wanted (user_id, id)
  join public.tasks t on t.user_id = wanted.user_id and t.id = wanted.id`,
);

interface Writes {
  /** JSON: an array of objects, whose members have the names of columns. */
  readonly tasks: string;
}

const birthsOf = (births: readonly Birth[]): Writes => ({
  tasks: JSON.stringify(
    births.map(({ owner, birth_digest, ...columns }) => ({
      ...columns,
      user_id: owner,
      birth_digest: `\\x${birth_digest.toString('hex')}`,
    })),
  ),
});

/** Skips users whose counter is locked or not there yet. A counter is raised at once by as many as its user has new tasks. */
const INSERT_MANY = compileSql<Writes, CreatedRow>(
  'insert_task',
  any,
  `with wanted as (
    select w.* from json_to_recordset(:tasks::json) as w (
      user_id text, id uuid, title text, description text, completed boolean, completed_at timestamptz,
      created_at timestamptz, updated_at timestamptz, deleted_at timestamptz, birth_digest bytea)),
  existing as (
    select ${QUALIFIED_COLUMNS}, t.birth_digest
    from wanted w join public.tasks t on t.user_id = w.user_id and t.id = w.id),
  fresh as (
    select w.*, row_number() over (partition by w.user_id) as place, count(*) over (partition by w.user_id) as places
    from wanted w
    where not exists (select 1 from existing e where e.user_id = w.user_id and e.id = w.id)),
  free as (
    select l.user_id, f.places
    from public.task_lists l join fresh f on f.user_id = l.user_id and f.place = 1
    for update of l skip locked),
  head as (
    update public.task_lists l set revision = l.revision + free.places
    from free where l.user_id = free.user_id
    returning l.user_id, l.revision),
  stored as (
    insert into public.tasks (user_id, id, title, description, completed, completed_at, created_at, updated_at, deleted_at,
                       birth_digest, revision)
    select f.user_id, f.id, f.title, f.description, f.completed, f.completed_at, f.created_at, f.updated_at, f.deleted_at,
           f.birth_digest, head.revision - f.places + f.place
    from fresh f join head on head.user_id = f.user_id
    on conflict (user_id, id) do nothing
    returning ${COLUMNS})
  select ${COLUMNS}, null::bytea as birth_digest from stored
  union all
  select ${COLUMNS}, birth_digest from existing`,
);

const replacementsOf = (replacements: readonly Replacement[]): Writes => ({
  tasks: JSON.stringify(replacements.map(({ owner, ...columns }) => ({ ...columns, user_id: owner }))),
});

/** Skips tasks that are locked, or whose user's counter is. */
const UPDATE_MANY = compileSql<Writes, TaskRow>(
  'update_task',
  any,
  `with unlocked as (
    select w.*
    from json_to_recordset(:tasks::json) as w (
      user_id text, id uuid, expected bigint, title text, description text, completed boolean,
      completed_at timestamptz, updated_at timestamptz, deleted_at timestamptz)
    join public.tasks t on t.user_id = w.user_id and t.id = w.id and t.revision = w.expected
    for update of t skip locked),
  present as (
    select u.*, row_number() over (partition by u.user_id) as place, count(*) over (partition by u.user_id) as places
    from unlocked u),
  free as (
    select l.user_id, p.places
    from public.task_lists l join present p on p.user_id = l.user_id and p.place = 1
    for update of l skip locked),
  head as (
    update public.task_lists l set revision = l.revision + free.places
    from free where l.user_id = free.user_id
    returning l.user_id, l.revision)
  update public.tasks t
  set title = p.title, description = p.description, completed = p.completed, completed_at = p.completed_at,
      updated_at = p.updated_at, deleted_at = p.deleted_at, revision = head.revision - p.places + p.place
  from present p join head on head.user_id = p.user_id
  where t.user_id = p.user_id and t.id = p.id and t.revision = p.expected
  returning ${QUALIFIED_COLUMNS}`,
);

type Owner = Pick<TaskKey, 'owner'>;

const REVISION = compileSql<Owner, RevisionRow>(
  'find_revision',
  (row, { owner }) => row.user_id === owner,
  'select user_id, revision from public.task_lists where user_id = :owner',
);

const REVISION_MANY = compileSql<{ readonly owners: readonly string[] }, RevisionRow>(
  'find_revision',
  any,
  'select user_id, revision from public.task_lists where user_id = any(:owners::text[])',
);

export const FIND_TASK: Query<TaskKey, TaskRow> = {
  lane: 'read',
  retry: 'read',
  statement: FIND,
  batch: batchByKey(
    FIND_MANY,
    MAX_SIZE,
    (keys) => ({ owners: keys.map(({ owner }) => owner), ids: keys.map(({ id }) => id) }),
    keyOf,
    keyOfRow,
  ),
};

export const FIND_REVISION: Query<Owner, RevisionRow> = {
  lane: 'read',
  retry: 'read',
  statement: REVISION,
  batch: batchByKey(
    REVISION_MANY,
    MAX_SIZE,
    (users) => ({ owners: users.map(({ owner }) => owner) }),
    ({ owner }) => owner,
    ({ user_id }) => user_id,
  ),
};

/** Harmless when repeated: a task that is there already is returned, with the hash of its creation. */
export const CREATE_TASK: Query<Birth, CreatedRow> = {
  lane: 'write',
  retry: 'idempotent',
  statement: INSERT_UNLOCKED,
  batch: batchByKey(INSERT_MANY, MAX_SIZE, birthsOf, keyOf, keyOfRow),
  waiting: INSERT,
};

/** Compare and set: returns no row if the task is not at the expected revision. */
export const REPLACE_TASK: Query<Replacement, TaskRow> = {
  lane: 'write',
  retry: 'write',
  statement: UPDATE_UNLOCKED,
  batch: batchByKey(UPDATE_MANY, MAX_SIZE, replacementsOf, keyOf, keyOfRow),
  waiting: UPDATE,
};
