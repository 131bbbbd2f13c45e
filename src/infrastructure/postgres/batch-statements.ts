import { compileSql } from './statement.ts';
import { COLUMNS, QUALIFIED_COLUMNS, TASK_COLUMNS, type TaskRow } from './task-row.ts';
import type { Birth, Replacement, TaskKey } from './task-statements.ts';

/** The only statements that several owners share. What is of whom, each row says itself. */
export interface Batch {
  /** Of those that were asked for: see `nameOf`. */
  readonly names: ReadonlySet<string>;
}

/** Ids have one length, so no two tasks have one name. */
export const nameOf = (id: string, owner: string): string => id + owner;

const isOfBatch = ({ id, user_id }: TaskRow, { names }: Batch): boolean => names.has(nameOf(id, user_id));

const namesOf = (keys: readonly TaskKey[]): ReadonlySet<string> =>
  new Set(keys.map(({ id, owner }) => nameOf(id, owner)));

interface Keys extends Batch {
  readonly owners: readonly string[];
  readonly ids: readonly string[];
}

export const keysOf = (keys: readonly TaskKey[]): Keys => ({
  names: namesOf(keys),
  owners: keys.map(({ owner }) => owner),
  ids: keys.map(({ id }) => id),
});

export const FIND_MANY = compileSql<Keys, TaskRow>(
  'find_tasks',
  isOfBatch,
  `select ${QUALIFIED_COLUMNS}
  from unnest(:owners::text[], :ids::uuid[]) as wanted (user_id, id)
  join public.tasks t on t.user_id = wanted.user_id and t.id = wanted.id`,
);

export interface Writes extends Batch {
  /** JSON: an array of objects, whose members have the names of columns. */
  readonly tasks: string;
}

interface Births extends Writes {
  readonly owners: ReadonlySet<string>;
}

export const birthsOf = (births: readonly Birth[]): Births => ({
  names: namesOf(births),
  owners: new Set(births.map(({ owner }) => owner)),
  tasks: JSON.stringify(
    births.map(({ owner, birth_digest, ...columns }) => ({
      ...columns,
      user_id: owner,
      birth_digest: `\\x${birth_digest.toString('hex')}`,
    })),
  ),
});

/** In place of its new tasks: an owner who has no counter yet. */
export interface NewOwnerRow {
  readonly user_id: string;
  readonly id: null;
}

const isOfBirths = (row: TaskRow | NewOwnerRow, batch: Births): boolean =>
  row.id === null ? batch.owners.has(row.user_id) : isOfBatch(row, batch);

/**
 * As `INSERT`, but waits for nobody: a task is left out whose owner's counter is locked. So is a new owner, whom somebody else
 * might be making, but is told. A counter is raised at once by as many as its owner has new tasks, which then share the
 * revisions out.
 */
export const INSERT_MANY = compileSql<Births, TaskRow | NewOwnerRow>(
  'insert_tasks',
  isOfBirths,
  `with fresh as (
    select w.user_id, w.id, w.title, w.description, w.completed, w.completed_at, w.created_at, w.updated_at,
           w.deleted_at, w.birth_digest,
           row_number() over (partition by w.user_id) as place, count(*) over (partition by w.user_id) as places
    from json_to_recordset(:tasks::json) as w (
      user_id text, id uuid, title text, description text, completed boolean, completed_at timestamptz,
      created_at timestamptz, updated_at timestamptz, deleted_at timestamptz, birth_digest bytea)
    where not exists (select 1 from public.tasks t where t.user_id = w.user_id and t.id = w.id)),
  locked as (
    select l.user_id, f.places
    from public.task_lists l join fresh f on f.user_id = l.user_id and f.place = 1
    for update of l skip locked),
  head as (
    update public.task_lists l set revision = l.revision + locked.places
    from locked where l.user_id = locked.user_id
    returning l.user_id, l.revision),
  born as (
    insert into public.tasks (user_id, id, title, description, completed, completed_at, created_at, updated_at, deleted_at,
                       birth_digest, revision)
    select f.user_id, f.id, f.title, f.description, f.completed, f.completed_at, f.created_at, f.updated_at, f.deleted_at,
           f.birth_digest, head.revision - f.places + f.place
    from fresh f join head on head.user_id = f.user_id
    on conflict (user_id, id) do nothing
    returning ${COLUMNS})
  select ${COLUMNS} from born
  union all
  select f.user_id, ${TASK_COLUMNS.slice(1).map(() => 'null')}
  from fresh f
  where f.place = 1 and not exists (select 1 from public.task_lists l where l.user_id = f.user_id)`,
);

export const replacementsOf = (replacements: readonly Replacement[]): Writes => ({
  names: namesOf(replacements),
  tasks: JSON.stringify(replacements.map(({ owner, ...columns }) => ({ ...columns, user_id: owner }))),
});

/** As `UPDATE`, and as `INSERT_MANY`: a task whose owner's counter is locked is left out. */
export const UPDATE_MANY = compileSql<Writes, TaskRow>(
  'update_tasks',
  isOfBatch,
  `with present as (
    select w.user_id, w.id, w.expected, w.title, w.description, w.completed, w.completed_at, w.updated_at, w.deleted_at,
           row_number() over (partition by w.user_id) as place, count(*) over (partition by w.user_id) as places
    from json_to_recordset(:tasks::json) as w (
      user_id text, id uuid, expected bigint, title text, description text, completed boolean,
      completed_at timestamptz, updated_at timestamptz, deleted_at timestamptz)
    join public.tasks t on t.user_id = w.user_id and t.id = w.id and t.revision = w.expected),
  locked as (
    select l.user_id, p.places
    from public.task_lists l join present p on p.user_id = l.user_id and p.place = 1
    for update of l skip locked),
  head as (
    update public.task_lists l set revision = l.revision + locked.places
    from locked where l.user_id = locked.user_id
    returning l.user_id, l.revision)
  update public.tasks t
  set title = p.title, description = p.description, completed = p.completed, completed_at = p.completed_at,
      updated_at = p.updated_at, deleted_at = p.deleted_at, revision = head.revision - p.places + p.place
  from present p join head on head.user_id = p.user_id
  where t.user_id = p.user_id and t.id = p.id and t.revision = p.expected
  returning ${QUALIFIED_COLUMNS}`,
);
