import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ListQuery } from '../../src/application/ports.ts';
import { FIND_MANY, INSERT_MANY, UPDATE_MANY } from '../../src/infrastructure/postgres/batch-statements.ts';
import { changesStatement } from '../../src/infrastructure/postgres/changes-statement.ts';
import { listStatement } from '../../src/infrastructure/postgres/list-statement.ts';
import { PLAN_ALONG_INDEXES } from '../../src/infrastructure/postgres/pipelined-connection.ts';
import {
  FIND,
  FIND_BIRTH,
  HEAD,
  INSERT,
  INSERT_IF_FREE,
  UPDATE,
  UPDATE_IF_FREE,
} from '../../src/infrastructure/postgres/task-statements.ts';
import { withOwnDatabase } from '../support/own-database.ts';
import { at, freshId } from '../support/tasks.ts';

const newest: ListQuery = { deleted: false, orderBy: 'createdAt', descending: true, limit: 100, withTotal: false };
const byChange: ListQuery = { ...newest, orderBy: 'revision' };
const after = { id: freshId(), createdAt: at(0), revision: 1 as never };

const STATEMENTS: [string, { readonly text: string }][] = [
  ['a task', FIND],
  ['a task with its birth', FIND_BIRTH],
  ['a revision', HEAD],
  ['a new task', INSERT],
  ['a changed task', UPDATE],
  ['a new task, if nobody else writes', INSERT_IF_FREE],
  ['a changed task, if nobody else writes', UPDATE_IF_FREE],
  ['tasks', FIND_MANY],
  ['new tasks', INSERT_MANY],
  ['changed tasks', UPDATE_MANY],
  ['the newest tasks', listStatement(newest)],
  ['the oldest tasks', listStatement({ ...newest, descending: false })],
  ['a later page', listStatement({ ...newest, after })],
  ['the tasks changed last', listStatement(byChange)],
  ['a later page of them', listStatement({ ...byChange, after })],
  ['the feed', changesStatement(false, 100)],
  ['the beginning of the feed', changesStatement(true, 100)],
];

const SORTED_TASKS = /Sort Key: tasks\./;

describe('what is sent over pipelines follows an index, also on tables that were empty when it was planned', () => {
  const plans = new Map<string, string>();
  beforeAll(() =>
    withOwnDatabase((url) =>
      onConnection(url, async (client) => {
        await client.query(PLAN_ALONG_INDEXES);
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
    if (/page|tasks changed last|est tasks|feed/.test(name)) expect(inner).not.toMatch(SORTED_TASKS);
  });
});

async function onConnection(url: string, use: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await use(client).finally(() => client.end());
}

const placeholdersOf = (sql: string): string[] => [...new Set(sql.match(/\$\d+/g))];
