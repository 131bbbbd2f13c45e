import type { Container } from 'inversify';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { ListQuery, TaskRepository } from '../../src/application/ports.ts';
import { close, compose, TOKENS } from '../../src/container.ts';
import type { Revision, UserId } from '../../src/domain/ids.ts';
import { LaneConnection } from '../../src/infrastructure/postgres/connection/lane-connection.ts';
import { Scheduler } from '../../src/infrastructure/postgres/scheduling/scheduler.ts';
import { CREATE_TASK, FIND_TASK } from '../../src/infrastructure/postgres/sql/batch.ts';
import { changesQuery } from '../../src/infrastructure/postgres/sql/changes.ts';
import type { Statement } from '../../src/infrastructure/postgres/sql/statement.ts';
import { shardFaults } from '../support/one-shard.ts';
import { freshOwner } from '../support/owners.ts';
import { aBirth, at } from '../support/tasks.ts';

interface Sent {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Every statement on tasks that this process sends, over lanes or through Knex. */
const sent: Sent[] = [];

function note(text: string, values: readonly unknown[]): void {
  if (/\b(tasks|task_lists)\b/.test(text)) sent.push({ text, values });
}

/** Whether connections behave as if the server had Citus. */
let hasCitus = false;

beforeAll(() => {
  const { open } = LaneConnection;
  vi.spyOn(LaneConnection, 'open').mockImplementation(async (options) => {
    const connection = await open(options);
    const { send } = connection;
    const noting = <Values, Result>(statement: Statement<Values, Result>, values: Values): Promise<Result> => {
      note(statement.text, statement.parametersOf(values));
      return send.call(connection, statement as Statement<unknown, unknown>, values) as Promise<Result>;
    };
    return Object.assign(connection, { send: noting, canBatch: !hasCitus });
  });
  const query = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const [first] = args as [Partial<Sent>];
    if (Array.isArray(first.values)) note(first.text ?? '', first.values);
    return query.apply(this, args) as never;
  });
});

/** As the service composes them. */
const composed = (settings: NodeJS.ProcessEnv): Container => {
  const environment = { DATABASE_URL: inject('databaseUrl'), LOG_LEVEL: 'silent', ...settings };
  const container = compose({ environment, report: () => {}, whenInUse: 'refuse' });
  afterAll(() => close(container));
  return container;
};

type Use = (tasks: TaskRepository, owner: UserId) => Promise<unknown>;

async function statementsOf(container: Container, use: Use): Promise<[Sent[], UserId]> {
  const tasks = await container.getAsync(TOKENS.tasks);
  const owner = freshOwner();
  sent.length = 0;
  await use(tasks, owner);
  return [[...sent], owner];
}

const task = async (tasks: TaskRepository, owner: UserId, deletedAt: Date | null = null) => {
  const added = await tasks.add(aBirth({ owner, deletedAt }));
  if (!added.ok) throw new Error('The task was expected to be new');
  return added.value.task;
};

const QUERIES: readonly ListQuery[] = [false, true].flatMap((some) =>
  (['createdAt', 'revision'] as const).map((orderBy) => ({
    deleted: some,
    completed: some ? true : undefined,
    text: some ? 'milk' : undefined,
    orderBy,
    descending: some,
    limit: 1,
    after: some ? { id: aBirth().id, createdAt: at(0), revision: 1 as Revision } : undefined,
    withTotal: some,
  })),
);

const READS_AND_WRITES: readonly [string, Use][] = [
  ['find', async (tasks, owner) => tasks.find(owner, (await task(tasks, owner)).id)],
  [
    'add, and replay',
    async (tasks, owner) => [await tasks.add(aBirth({ owner })), await tasks.add(await task(tasks, owner))],
  ],
  ['replace', async (tasks, owner) => tasks.replace(await task(tasks, owner), 1 as Revision)],
  ['list', async (tasks, owner) => Promise.all(QUERIES.map((query) => tasks.list(owner, query)))],
  ['revision', async (tasks, owner) => tasks.revision(owner)],
  ['changes', async (tasks, owner) => tasks.changes(owner, { since: undefined, limit: 1 })],
  [
    'changes since',
    async (tasks, owner) => tasks.changes(owner, { since: 0 as Revision, snapshot: 0 as Revision, limit: 1 }),
  ],
];

describe.each([
  ['prepared', {}],
  ['not prepared', { DATABASE_PREPARED: 'off' }],
])('each statement runs on the one shard with the rows of its user: %s', (_how, settings) => {
  const container = composed(settings);

  it.each(READS_AND_WRITES)('%s', async (_method, use) => {
    const [statements, owner] = await statementsOf(container, use);
    expect(statements.length).toBeGreaterThan(0);
    expect(statements.map(({ text, values }) => [text, shardFaults(text, values, owner)])).toEqual(
      statements.map(({ text }) => [text, []]),
    );
  });

  it.each(['purge', 'erase', 'count'] as const)('%s', async (method) => {
    const erasure = await container.getAsync(TOKENS.erasure);
    const [statements, owner] = await statementsOf(container, async (tasks, owner) => {
      await task(tasks, owner, at(0));
      if (method === 'purge') return erasure.purge(owner, at(1), 10);
      return method === 'erase' ? erasure.erase(owner, 10) : erasure.count(owner);
    });
    expect(statements.length).toBeGreaterThan(1);
    expect(statements.flatMap(({ text, values }) => shardFaults(text, values, owner))).toEqual([]);
  });
});

describe('on Citus, requests at once', () => {
  const WRITERS = 20;
  const container = composed({});
  beforeAll(() => {
    hasCitus = true;
  });
  afterAll(() => {
    hasCitus = false;
  });

  const times = (use: () => Promise<unknown>) => Promise.all(Array.from({ length: WRITERS }, use));

  it.each<[string, Use]>([
    ['that find tasks', (tasks, owner) => times(() => tasks.find(owner, aBirth().id))],
    ['that create tasks', (tasks, owner) => times(() => tasks.add(aBirth({ owner })))],
    ['that read changes', (tasks, owner) => times(() => tasks.changes(owner, { since: undefined, limit: 1 }))],
  ])('%s lead to statements on one shard', async (_what, use) => {
    const [statements, owner] = await statementsOf(container, async (tasks, owner) => {
      await task(tasks, owner);
      await use(tasks, owner);
    });
    expect(statements.filter(({ text, values }) => shardFaults(text, values, owner).length > 0)).toEqual([]);
  });
});

describe('a scheduler', () => {
  /** The users of each statement that a scheduler sends for two requests each of three users at once. */
  async function usersOfStatements(canBatch: boolean): Promise<string[][]> {
    const users: string[][] = [];
    const send = async (_statement: unknown, values: { owner: string } | { owner: string }[]) => {
      const items = [values].flat();
      users.push(items.map(({ owner }) => owner));
      await new Promise((resolve) => setImmediate(resolve));
      const rows = items.map(() => ['row']);
      return Array.isArray(values) ? rows : rows[0];
    };
    const connection = { isUsable: true, canBatch, send: send as never, check: () => {}, close: async () => {} };
    const sizes = { read: 1, write: 1, isolated: 1, page: 1, scan: 1 };
    const scheduler = new Scheduler({ sizes, open: async () => connection });
    const owners = ['alice', 'bob', 'carol', 'alice', 'bob', 'carol'];
    const FEED = changesQuery(false, 1) as never;
    for (const query of [FIND_TASK, CREATE_TASK as never, FEED]) {
      await Promise.all(owners.map((owner) => scheduler.run(query, { owner, id: aBirth().id })));
    }
    await scheduler.close();
    return users;
  }

  it('puts requests of several users into one statement', async () => {
    const several = (await usersOfStatements(true)).filter((users) => new Set(users).size > 1);
    expect(several.length).toBeGreaterThan(2);
  });

  it('sends a statement for each request where the server has Citus', async () => {
    const statements = await usersOfStatements(false);
    expect(statements.map(({ length }) => length)).toEqual(new Array(18).fill(1));
  });
});

it('operators look at several users to find tombstones and to resynchronize after a restore', async () => {
  const container = composed({});
  const erasure = await container.getAsync(TOKENS.erasure);
  const [statements] = await statementsOf(container, async (_tasks, owner) => {
    await erasure.tombstones(at(-1), undefined, 1);
    await erasure.leap(1, `${owner}~` as UserId, 0);
  });
  expect(statements.map(({ text, values }) => shardFaults(text, values).length > 0)).toEqual([true, true]);
});
