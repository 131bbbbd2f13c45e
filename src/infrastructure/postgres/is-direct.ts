import type pg from 'pg';

/**
 * Whether a connection leads to the server itself: the process that serves it is the one that it was told of. A pooler has
 * a server for each transaction, and no number of its own to tell.
 */
export async function isDirect(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query('select pg_backend_pid() as pid');
  return rows[0].pid === (client as pg.Client & { readonly processID: number }).processID;
}
