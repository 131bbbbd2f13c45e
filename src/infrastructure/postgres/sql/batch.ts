import { definitionsOf, listOf, MUTABLE_COLUMNS, NEW_COLUMNS, TASK_COLUMNS, type TaskRow } from './columns.ts';
import {
  type Birth,
  type CreatedRow,
  FIND,
  INSERT,
  INSERT_UNLOCKED,
  type Replacement,
  STORED_OR_EXISTING,
  type TaskKey,
  UPDATE,
  UPDATE_UNLOCKED,
} from './single.ts';
import { batchByKey, compileSql, type Query } from './statement.ts';

/** Larger batches made single statements slower, and nothing faster. */
const MAX_SIZE = 64;

/** Ids have one length, so no two tasks have the same key. */
const keyOf = ({ id, owner }: TaskKey): string => id + owner;
const keyOfRow = ({ id, user_id }: TaskRow): string => id + user_id;

/** `batchByKey` checks which row belongs to whom. */
const any = (): boolean => true;

/** Finds the tasks of all `owners` and `ids`, of which each two belong together. */
const FIND_MANY = compileSql<Record<'owners' | 'ids', readonly string[]>, TaskRow>(
  'find_task',
  any,
  `select ${listOf(TASK_COLUMNS, 't.')}
  from unnest(:owners::text[], :ids::uuid[]) as wanted (user_id, id)
  join public.tasks t on t.user_id = wanted.user_id and t.id = wanted.id`,
);

/** A JSON array of objects, whose members are named like columns. */
interface Tasks {
  readonly tasks: string;
}

const tasksOf = (tasks: readonly (Birth | Replacement)[]): Tasks => ({
  tasks: JSON.stringify(tasks.map(({ owner, ...columns }) => ({ ...columns, user_id: owner }))),
});

const newTasksOf = (births: readonly Birth[]): Tasks =>
  tasksOf(births.map((birth) => ({ ...birth, birth_digest: `\\x${birth.birth_digest.toString('hex')}` as never })));

/** The tasks of `:tasks`, as rows. */
const tasksAs = (columns: readonly string[]): string =>
  `json_to_recordset(:tasks::json) as w (${definitionsOf(['user_id', ...columns])})`;

/** Numbers the rows of each user in `source`. */
const numbered = (source: string): string =>
  `select w.*, row_number() over (partition by w.user_id) as place, count(*) over (partition by w.user_id) as places
    from ${source}`;

/** Raises the counter of each user in `source` by as many revisions as the user needs, unless it is locked. */
const headOf = (source: string): string => `
  free as (
    select l.user_id, w.places
    from public.task_lists l join ${source} w on w.user_id = l.user_id and w.place = 1
    for update of l skip locked),
  head as (
    update public.task_lists l set revision = l.revision + free.places
    from free where l.user_id = free.user_id
    returning l.user_id, l.revision)`;

/** The revision that a numbered row gets. */
const REVISION = 'head.revision - w.places + w.place';

/** Skips users whose counter is locked or not there yet. */
const INSERT_MANY = compileSql<Tasks, CreatedRow>(
  'insert_task',
  any,
  `with wanted as (select w.* from ${tasksAs(NEW_COLUMNS)}),
  existing as (
    select ${listOf(TASK_COLUMNS, 't.')}, t.birth_digest
    from wanted w join public.tasks t on t.user_id = w.user_id and t.id = w.id),
  fresh as (
    ${numbered('wanted w')}
    where not exists (select 1 from existing e where e.user_id = w.user_id and e.id = w.id)),
  ${headOf('fresh')},
  stored as (
    insert into public.tasks (user_id, ${listOf(NEW_COLUMNS)}, revision)
    select w.user_id, ${listOf(NEW_COLUMNS, 'w.')}, ${REVISION}
    from fresh w join head on head.user_id = w.user_id
    on conflict (user_id, id) do nothing
    returning ${listOf(TASK_COLUMNS)})
  ${STORED_OR_EXISTING}`,
);

/** Skips tasks that are locked, or whose user's counter is. */
const UPDATE_MANY = compileSql<Tasks, TaskRow>(
  'update_task',
  any,
  `with unlocked as (
    select w.*
    from ${tasksAs(['id', 'expected', ...MUTABLE_COLUMNS])}
    join public.tasks t on t.user_id = w.user_id and t.id = w.id and t.revision = w.expected
    for update of t skip locked),
  present as (${numbered('unlocked w')}),
  ${headOf('present')}
  update public.tasks t
  set ${MUTABLE_COLUMNS.map((column) => `${column} = w.${column}`)}, revision = ${REVISION}
  from present w join head on head.user_id = w.user_id
  where t.user_id = w.user_id and t.id = w.id and t.revision = w.expected
  returning ${listOf(TASK_COLUMNS, 't.')}`,
);

type Owner = Pick<TaskKey, 'owner'>;

interface RevisionRow {
  readonly user_id: string;
  readonly revision: string;
}

const FIND_REVISIONS = compileSql<{ readonly owners: readonly string[] }, RevisionRow>(
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
  statement: compileSql(
    'find_revision',
    (row, { owner }) => row.user_id === owner,
    'select user_id, revision from public.task_lists where user_id = :owner',
  ),
  batch: batchByKey(
    FIND_REVISIONS,
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
  batch: batchByKey(INSERT_MANY, MAX_SIZE, newTasksOf, keyOf, keyOfRow),
  waiting: INSERT,
};

/** Compare and set: returns no row if the task is not at the expected revision. */
export const REPLACE_TASK: Query<Replacement, TaskRow> = {
  lane: 'write',
  retry: 'write',
  statement: UPDATE_UNLOCKED,
  batch: batchByKey(UPDATE_MANY, MAX_SIZE, tasksOf, keyOf, keyOfRow),
  waiting: UPDATE,
};
