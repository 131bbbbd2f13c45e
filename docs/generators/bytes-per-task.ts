import type pg from 'pg';

export interface BytesPerTask {
  readonly table: number;
  readonly indexes: number;
  /** Of `task_lists`, its index included. */
  readonly perOwner: number;
}

const TASKS_PER_OWNER = 100;

/**
 * Tasks as people might have them: titles of 10 to 50 characters, a third with a description of 20 to 300, half of them
 * completed, 5 of 100 deleted. They come in the order of time, from all owners in turns, and half are changed later.
 */
const CREATE = `
  insert into public.tasks
    (user_id, id, title, description, completed, completed_at, created_at, updated_at, deleted_at, revision, birth_digest)
  select 'auth0|' || substr(md5((n % $2)::text), 1, 24), (lpad(to_hex(n), 12, '0') || '70008' || substr(md5(n::text), 1, 15))::uuid, left(repeat(md5(n::text), 2), 10 + n * 7 % 41),
         case when n % 3 = 0 then left(repeat(md5(n::text), 10), 20 + n * 11 % 281) end,
         false, null, now(), now(), null, 1 + n / $2, sha256(n::text::bytea)
  from generate_series(0, $1 - 1) as n order by n`;

const CHANGE = `
  update public.tasks
  set completed = true, completed_at = now(), updated_at = now(), revision = revision + $1,
      deleted_at = case when get_byte(birth_digest, 1) < 26 then now() end
  where get_byte(birth_digest, 0) < 128`;

const LISTS = `
  insert into public.task_lists (user_id, revision) select user_id, max(revision) from public.tasks group by user_id`;

const SIZES = `
  select pg_table_size('public.tasks') / $1::float as table, pg_indexes_size('public.tasks') / $1::float as indexes,
         pg_total_relation_size('public.task_lists') / $2::float as "perOwner"`;

/** Fills the empty tables of a migrated PostgreSQL, and looks how large their files have become. */
export async function bytesPerTask(client: pg.Client, tasks: number): Promise<BytesPerTask> {
  const owners = tasks / TASKS_PER_OWNER;
  await client.query('set statement_timeout = 0');
  await client.query(CREATE, [tasks, owners]);
  await client.query('vacuum analyze public.tasks');
  await client.query(CHANGE, [TASKS_PER_OWNER]);
  await client.query(LISTS);
  await client.query('vacuum analyze public.tasks');
  const { rows } = await client.query<BytesPerTask>(SIZES, [tasks, owners]);
  return rows[0] as BytesPerTask;
}
