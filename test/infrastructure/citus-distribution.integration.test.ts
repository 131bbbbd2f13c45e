import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { CitusDistribution } from '../../src/infrastructure/postgres/citus/distribution.ts';
import { withOwnDatabase } from '../support/own-database.ts';
import { COMMANDS, run } from '../support/service-process.ts';

/** As much of Citus as is asked for: its catalogue, and functions that note what they were told, and how they were set. */
const FAKE = `
  create table pg_dist_node (noderole text, shouldhaveshards boolean);
  insert into pg_dist_node values ('primary', true), ('primary', true), ('primary', false), ('secondary', true);
  create table citus_tables (table_name regclass, citus_table_type text, distribution_column text, colocation_id int);
  create table told (colocate_with text, statement_timeout text, propagated text);
  create function create_distributed_table(table_name regclass, col text, colocate_with text) returns void
  language sql as $$
    insert into told values (
      colocate_with, current_setting('statement_timeout'), current_setting('citus.propagate_set_commands', true));
    insert into citus_tables values (table_name, 'distributed', col,
      case colocate_with when 'none' then (select coalesce(max(colocation_id), 0) + 1 from citus_tables)
      else (select colocation_id from citus_tables c where c.table_name = colocate_with::regclass) end)
  $$`;

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return use(client).finally(() => client.end());
}

async function withDistribution<T>(url: string, use: (distribution: CitusDistribution) => Promise<T>): Promise<T> {
  const distribution = new CitusDistribution(url);
  return use(distribution).finally(() => distribution.close());
}

const distribute = [...COMMANDS, 'distribute', '--yes'];

describe('distributing over a cluster', () => {
  it('is refused by a plain PostgreSQL, in one line', () =>
    withOwnDatabase(async (DATABASE_URL) => {
      expect(await withDistribution(DATABASE_URL, (one) => one.state())).toEqual({ kind: 'no-cluster' });
      const { code, stdout, messages } = await run(distribute, { DATABASE_URL });
      expect([code, stdout, messages]).toEqual([1, '', [expect.stringContaining('no cluster')]]);
    }));

  it('makes both tables distributed by owner and together, once', () =>
    withOwnDatabase((DATABASE_URL) =>
      withClient(DATABASE_URL, async (client) => {
        await client.query(FAKE);
        const first = await run(distribute, { DATABASE_URL });
        expect(first).toMatchObject({
          code: 0,
          stdout: expect.stringContaining('Distributed all tasks over 2 machines'),
        });
        const again = await run(distribute, { DATABASE_URL });
        expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('already') });

        const { rows } = await client.query(
          'select table_name::text, distribution_column, colocation_id from citus_tables',
        );
        expect(rows).toEqual([
          { table_name: 'task_lists', distribution_column: 'user_id', colocation_id: 1 },
          { table_name: 'tasks', distribution_column: 'user_id', colocation_id: 1 },
        ]);
        const { rows: told } = await client.query('select * from told');
        expect(told).toEqual([
          { colocate_with: 'none', statement_timeout: '0', propagated: 'local' },
          { colocate_with: 'public.task_lists', statement_timeout: '0', propagated: 'local' },
        ]);
      }),
    ));

  it('leaves nothing half done', () =>
    withOwnDatabase((url) =>
      withClient(url, async (client) => {
        await client.query(FAKE);
        await client.query(`alter table told add check (colocate_with = 'none')`);
        await withDistribution(url, async (distribution) => {
          await expect(distribution.distribute()).rejects.toThrow('violates check constraint');
          expect(await distribution.state()).toEqual({ kind: 'undistributed', machines: 2 });
        });
      }),
    ));

  it.each([
    ['one table alone', [['tasks', 'user_id', 1]]],
    [
      'apart from each other',
      [
        ['tasks', 'user_id', 1],
        ['task_lists', 'user_id', 2],
      ],
    ],
    [
      'by something else',
      [
        ['tasks', 'id', 1],
        ['task_lists', 'user_id', 1],
      ],
    ],
  ])('is refused where it was done otherwise: %s', (_how, tables) =>
    withOwnDatabase((DATABASE_URL) =>
      withClient(DATABASE_URL, async (client) => {
        await client.query(FAKE);
        for (const table of tables) {
          await client.query(`insert into citus_tables values ($1::text::regclass, 'distributed', $2, $3)`, table);
        }
        const { code, stderr } = await run(distribute, { DATABASE_URL });
        expect([code, stderr]).toEqual([1, expect.stringContaining('undistribute_table()')]);
      }),
    ),
  );
});
