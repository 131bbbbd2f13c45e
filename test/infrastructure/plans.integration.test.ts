import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ListQuery } from '../../src/application/ports.ts';
import { KEEP_INDEX_PLANS } from '../../src/infrastructure/postgres/connection/lane-connection.ts';
import { CREATE_TASK, FIND_REVISION, FIND_TASK, REPLACE_TASK } from '../../src/infrastructure/postgres/sql/batch.ts';
import { changesQuery } from '../../src/infrastructure/postgres/sql/changes.ts';
import { listQuery } from '../../src/infrastructure/postgres/sql/list.ts';
import type { Query } from '../../src/infrastructure/postgres/sql/statement.ts';
import { withOwnDatabase } from '../support/own-database.ts';
import { at, freshId } from '../support/tasks.ts';

const newest: ListQuery = { deleted: false, orderBy: 'createdAt', descending: true, limit: 100, withTotal: false };
const byChange: ListQuery = { ...newest, orderBy: 'revision' };
const after = { id: freshId(), createdAt: at(0), revision: 1 as never };

/** Every form in which a query is sent. */
const formsOf = <Values, Row>(name: string, { statement, batch, waiting }: Query<Values, Row>) =>
  (
    [
      [name, statement],
      [`${name}, in a batch`, batch?.of(2)],
      [`${name}, waiting for a lock`, waiting],
    ] as const
  ).flatMap(([form, text]) => (text === undefined ? [] : [[form, text] as [string, { readonly text: string }]]));

const STATEMENTS = [
  ...formsOf('a task', FIND_TASK),
  ...formsOf('a revision', FIND_REVISION),
  ...formsOf('a new task', CREATE_TASK),
  ...formsOf('a changed task', REPLACE_TASK),
  ...[100, 50].flatMap((limit) => [
    ...formsOf(`page: the newest ${limit} tasks`, listQuery({ ...newest, limit })),
    ...formsOf(`page: the oldest ${limit} tasks`, listQuery({ ...newest, descending: false, limit })),
    ...formsOf(`page: the next ${limit} tasks`, listQuery({ ...newest, after, limit })),
    ...formsOf(`page: the ${limit} tasks changed last`, listQuery({ ...byChange, limit })),
    ...formsOf(`page: the next ${limit} of them`, listQuery({ ...byChange, after, limit })),
    ...formsOf(`page: ${limit} changes of the feed`, changesQuery(false, limit)),
    ...formsOf(`page: the first ${limit} tasks of an initial sync`, changesQuery(true, limit)),
  ]),
];

const SORTED_TASKS = /Sort Key: tasks\./;

describe('a statement of a lane other than scans follows an index, also if it was planned on empty tables', () => {
  const plans = new Map<string, string>();
  beforeAll(() =>
    withOwnDatabase((url) =>
      onConnection(url, async (client) => {
        await client.query(KEEP_INDEX_PLANS);
        for (const [n, [name, { text }]] of STATEMENTS.entries()) {
          await client.query(`prepare s${n} as ${text}`);
          const { rows } = await client.query(`explain execute s${n}(${placeholdersOf(text).map(() => 'null')})`);
          plans.set(name, rows.map((row) => row['QUERY PLAN']).join('\n'));
        }
      }),
    ),
  );

  it.each(STATEMENTS.map(([name]) => name))('%s', (name) => {
    const plan = plans.get(name) ?? '';
    expect(plan).toMatch(/Index (Only )?Scan.*using (tasks|task_lists)_/);
    expect(plan).not.toMatch(/Seq Scan|Bitmap|Hash|Merge Join/);
    // The page itself is put in order once more, which is what its own columns are called.
    const inner = plan.slice(plan.indexOf('task_lists_pkey'));
    if (name.startsWith('page')) expect(inner).not.toMatch(SORTED_TASKS);
  });
});

async function onConnection(url: string, use: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await use(client).finally(() => client.end());
}

const placeholdersOf = (sql: string): string[] => [...new Set(sql.match(/\$\d+/g))];
