import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ListQuery } from '../../src/application/ports.ts';
import type { Revision, UserId } from '../../src/domain/ids.ts';
import { KEEP_INDEX_PLANS } from '../../src/infrastructure/postgres/connection/lane-connection.ts';
import { FIND_REVISION, FIND_TASK } from '../../src/infrastructure/postgres/sql/batch.ts';
import { changesQuery } from '../../src/infrastructure/postgres/sql/changes.ts';
import { listQuery, toListValues } from '../../src/infrastructure/postgres/sql/list.ts';
import type { Query } from '../../src/infrastructure/postgres/sql/statement.ts';
import { withOwnDatabase } from '../support/own-database.ts';
import { at, freshId } from '../support/tasks.ts';

const TOMBSTONES = 300_000;
/** The tombstones lie between two halves of the live tasks, in the order of creation and of revisions. */
const LIVE = 400;
const LAST_LIVE_BEFORE = LIVE / 2;
const OTHER_USERS = 200;

const owner = 'deletes-a-lot' as UserId;

const LOAD = `
  insert into public.tasks
    (user_id, id, title, completed, created_at, updated_at, deleted_at, revision, birth_digest)
  select '${owner}', gen_random_uuid(), 'Task ' || n, false, t, t,
         case when n > ${LAST_LIVE_BEFORE} and n <= ${LAST_LIVE_BEFORE + TOMBSTONES} then t end, n, sha256('')
  from generate_series(1, ${LIVE + TOMBSTONES}) as n,
       lateral (select timestamptz '2026-01-01' + n * interval '1 ms' as t) as moment
  union all
  select 'user-' || n % ${OTHER_USERS}, gen_random_uuid(), 'Task ' || n, false, now(), now(), null, n, sha256('')
  from generate_series(1, 20000) as n`;

const LOAD_COUNTERS = `
  insert into public.task_lists (user_id, revision) select user_id, max(revision) from public.tasks group by user_id`;

interface Case {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
  /** Rows of `tasks` that the statement may read. */
  readonly rows: number;
  /** Index on `tasks`. */
  readonly index?: string;
}

function aCase<Values, Row>(
  name: string,
  { statement: { text, parametersOf } }: Query<Values, Row>,
  values: Values,
  { rows, index }: Pick<Case, 'rows' | 'index'>,
): Case {
  return { name, text, values: parametersOf(values), rows, ...(index && { index }) };
}

/** Too short to exceed the bytes of a page, and long enough. */
const LIMITS = [50, 100];

function* listCases(): Generator<Case> {
  for (const orderBy of ['createdAt', 'revision'] as const) {
    const index = orderBy === 'revision' ? 'tasks_live_by_revision' : 'tasks_user_id_created_at_id';
    for (const descending of [false, true])
      for (const isLater of [false, true])
        for (const limit of LIMITS) {
          // The next page starts on one side of the tombstones and ends on the other.
          const n = descending ? LAST_LIVE_BEFORE + TOMBSTONES + 10 : LAST_LIVE_BEFORE - 10;
          const after = isLater ? { id: freshId(), createdAt: at(n), revision: n as Revision } : undefined;
          const query: ListQuery = { deleted: false, orderBy, descending, limit, withTotal: false, after };
          const name = `list by ${orderBy}, ${descending ? 'descending' : 'ascending'}, ${isLater ? 'later' : 'first'} page of ${limit}`;
          yield aCase(name, listQuery(query), toListValues(owner, query), { rows: limit + 1, index });
        }
  }
}

function* feedCases(): Generator<Case> {
  for (const limit of LIMITS) {
    const rows = limit + 1;
    const since = LAST_LIVE_BEFORE - 10;
    const [all, live] = [changesQuery(false, limit), changesQuery(true, limit)];
    const initial = { rows, index: 'tasks_live_by_revision' };
    yield aCase(`first page of ${limit} of an initial sync`, live, { owner, since: 0, rows }, initial);
    yield aCase(`later page of ${limit} of an initial sync`, live, { owner, since, rows }, initial);
    const changes = { rows, index: 'tasks_user_id_revision_key' };
    yield aCase(`page of ${limit} changes since a revision`, all, { owner, since, rows }, changes);
  }
  const upToDate = { owner, since: LIVE + TOMBSTONES, rows: 101 };
  const index = 'tasks_user_id_revision_key';
  yield aCase('poll without changes', changesQuery(false, 100), upToDate, { rows: 0, index });
}

const CASES: readonly Case[] = [
  ...listCases(),
  ...feedCases(),
  aCase('read of the revision', FIND_REVISION, { owner }, { rows: 0 }),
  aCase('read of one task', FIND_TASK, { owner, id: freshId() }, { rows: 1, index: 'tasks_pkey' }),
];

interface Node {
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Actual Rows': number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Node[];
}

const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

describe(`among ${TOMBSTONES} tombstones of the user`, () => {
  const planned: Record<string, Node[]> = {};

  /** Generic plans, as the service uses them. Executes each statement. */
  async function explain(client: pg.Client, moment: string): Promise<void> {
    for (const [n, { name, values }] of CASES.entries()) {
      const literals = values.map((value) =>
        client.escapeLiteral(value instanceof Date ? value.toISOString() : String(value)),
      );
      const { rows } = await client.query(`explain (analyze, buffers, format json) execute s${n}(${literals})`);
      planned[`${name}, ${moment}`] = nodesOf(rows[0]['QUERY PLAN'][0].Plan);
    }
  }

  beforeAll(() =>
    withOwnDatabase(async (url) => {
      const client = new pg.Client({ connectionString: url, options: '-c statement_timeout=0' });
      await client.connect();
      await client.query(KEEP_INDEX_PLANS);
      for (const [n, { text }] of CASES.entries()) await client.query(`prepare s${n} as ${text}`);
      await explain(client, 'never');
      await client.query(LOAD);
      await client.query(LOAD_COUNTERS);
      await explain(client, 'planned on empty tables');
      await client.query('analyze public.tasks, public.task_lists');
      await explain(client, 'planned after ANALYZE');
      await client.end();
    }),
  );

  describe.each(['planned on empty tables', 'planned after ANALYZE'])('a statement %s', (moment) => {
    it.each(CASES.map((each) => [each.name, each] as const))(
      'reads only the rows of its page: %s',
      (name, { rows, index }) => {
        const nodes = planned[`${name}, ${moment}`] ?? [];
        const onTasks = nodes.filter((node) => node['Relation Name'] === 'tasks');
        expect(onTasks.map((node) => node['Index Name'])).toEqual(index === undefined ? [] : [index]);
        expect(nodes.filter((node) => node['Rows Removed by Filter'])).toEqual([]);
        for (const node of onTasks) expect(node['Actual Rows']).toBeLessThanOrEqual(rows);
        const [root] = nodes as [Node];
        expect(root['Shared Hit Blocks'] + root['Shared Read Blocks']).toBeLessThan(2 * rows + 20);
      },
    );
  });
});
