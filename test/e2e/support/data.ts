import type { Cluster } from '../../reliability/support/cluster.ts';
import { freshOwner } from '../../support/owners.ts';

interface Tasks {
  readonly tombstones?: number;
  readonly live: number;
  /** SQL. */
  readonly description?: string;
}

/** 4,000 characters that do not compress to nothing. */
export const LONG_DESCRIPTION = `(select string_agg(md5(n::text || part::text), '') from generate_series(1, 125) part)`;
/** 4,000 characters of 4 bytes each. */
export const LONGEST_DESCRIPTION = "repeat('😀', 4000)";

/** Inserts the tasks of a new user, deleted ones first. @returns the user */
export async function insertTasks(
  cluster: Cluster,
  { tombstones = 0, live, description = 'null' }: Tasks,
): Promise<string> {
  const owner = freshOwner();
  await cluster.query('insert into task_lists (user_id, revision) values ($1, $2)', [owner, tombstones + live]);
  await cluster.query(
    `insert into tasks (user_id, id, title, description, completed, created_at, updated_at, deleted_at, birth_digest, revision)
     select $1, lpad(to_hex(n), 32, '0')::uuid, 'Task ' || n, ${description}, false, now(), now(),
            case when n <= $2 then now() end, decode(repeat('00', 32), 'hex'), n
     from generate_series(1, $2::int + $3::int) n`,
    [owner, tombstones, live],
  );
  await cluster.query('vacuum analyze tasks');
  return owner;
}
