export const COLUMNS = [
  'user_id',
  'id',
  'title',
  'description',
  'completed',
  'completed_at',
  'created_at',
  'updated_at',
  'revision',
] as const;

const LIST = COLUMNS.join(', ');
const QUALIFIED = COLUMNS.map((column) => `t.${column}`).join(', ');

/** Case-insensitive match of a column with a pattern, with the case folding of the service. */
export const contains = (column: string, parameter: string): string => `${folded(column)} like ${folded(parameter)}`;

const folded = (text: string): string => `upper(lower(${text} collate "und-x-icu"))`;

/** Escapes wildcards. */
export const patternOf = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

/** $1 user, $2 id, $3 title, $4 description, $5 completed, $6 now, $7 creation hash */
export const CREATE = `
  with head as (
    insert into task_lists as l (user_id, revision) values ($1, 1)
    on conflict (user_id) do update set revision = l.revision + 1
    returning revision)
  insert into tasks (user_id, id, title, description, completed, completed_at, created_at, updated_at, birth_digest, revision)
  select $1, $2::uuid, $3, $4, $5::boolean, case when $5::boolean then $6::timestamptz end, $6::timestamptz, $6::timestamptz,
         $7::bytea, head.revision
  from head
  returning ${LIST}`;

/** $1 user, $2 id, $3 now, $4 title, $5 description, $6 completed, optional $7 expected revision */
export const replaceStatement = (isGuarded: boolean): string =>
  change(
    `title = $4, description = $5, completed = $6,
     completed_at = case when not $6::boolean then null else coalesce(t.completed_at, $3::timestamptz) end`,
    isGuarded ? 'and t.revision = $7::bigint' : '',
  );

/** $1 user, $2 id, $3 now */
export const TOGGLE = change(
  'completed = not t.completed, completed_at = case when t.completed then null else $3::timestamptz end',
  '',
);

function change(assignments: string, guard: string): string {
  const found = `t.user_id = $1 and t.id = $2::uuid and t.deleted_at is null ${guard}`;
  return `
  with head as (
    update task_lists set revision = revision + 1
    where user_id = $1 and exists (select 1 from tasks t where ${found})
    returning revision)
  update tasks t set ${assignments}, updated_at = $3::timestamptz, revision = head.revision
  from head
  where ${found}
  returning ${QUALIFIED}`;
}

export const FIND = `select ${LIST} from tasks where user_id = $1 and id = $2 and deleted_at is null`;

export const COUNTER = 'select revision, purged_revision from task_lists where user_id = $1';

/** $1 user, $2 since, $3 limit */
export const CHANGES = `select ${LIST} from tasks where user_id = $1 and revision > $2 order by revision limit $3`;

/** $1 user, $2 limit, optional $3 and $4 position, last the optional search pattern. */
export function listStatement(hasPosition: boolean, hasText: boolean): string {
  const text = `$${hasPosition ? 5 : 3}`;
  return `
  select ${LIST}, (select revision from task_lists where user_id = $1) as list_revision
  from tasks
  where user_id = $1 and deleted_at is null
  ${hasPosition ? 'and (created_at, id) < ($3, $4)' : ''}
  ${hasText ? `and (${contains('title', text)} or ${contains('description', text)})` : ''}
  order by created_at desc, id desc
  limit $2`;
}
