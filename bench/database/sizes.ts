import { withClient } from './server.ts';

/** Size of a table without its indexes, or of one index. */
export interface RelationSize {
  readonly name: string;
  readonly bytes: number;
}

const SIZES = `
  select name, bytes from (
    select c.oid::regclass::text as name, pg_table_size(c.oid)::float8 as bytes, c.relname as of, 0 as place
    from pg_class c where c.oid in ('tasks'::regclass, 'task_lists'::regclass)
    union all
    select i.indexrelid::regclass::text, pg_relation_size(i.indexrelid)::float8, c.relname, 1
    from pg_index i join pg_class c on c.oid = i.indrelid where c.oid in ('tasks'::regclass, 'task_lists'::regclass)
  ) sizes order by of = 'tasks' desc, place, bytes desc`;

export const relationSizes = (url: string): Promise<readonly RelationSize[]> =>
  withClient(url, async (client) => (await client.query<RelationSize>(SIZES)).rows);

/** Current end of the write-ahead log. */
export async function walPosition(url: string): Promise<string> {
  return withClient(url, async (client) => (await client.query('select pg_current_wal_lsn() as at')).rows[0].at);
}

export async function walBytesSince(url: string, position: string): Promise<number> {
  const sql = 'select pg_wal_lsn_diff(pg_current_wal_lsn(), $1)::float8 as bytes';
  return withClient(url, async (client) => (await client.query(sql, [position])).rows[0].bytes);
}
