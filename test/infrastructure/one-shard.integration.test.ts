import type { Container } from 'inversify';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { ListQuery, TaskRepository } from '../../src/application/ports.ts';
import { close, compose, TOKENS } from '../../src/container.ts';
import type { Revision, UserId } from '../../src/domain/ids.ts';
import { shardFaults } from '../support/one-shard.ts';
import { freshOwner } from '../support/owners.ts';
import { aBirth, at } from '../support/tasks.ts';

interface Sent {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Every statement on tasks that reaches the driver in this process, whoever sends it. */
const sent: Sent[] = [];

beforeAll(() => {
  const query = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const [first, values] = args as [string | Partial<Sent>, (readonly unknown[])?];
    const text = typeof first === 'string' ? first : (first.text ?? '');
    const bound = (typeof first === 'string' ? values : first.values) ?? [];
    if (/\b(tasks|task_lists)\b/.test(text)) sent.push({ text, values: bound });
    return query.apply(this, args) as never;
  });
});

/** As they are put together for the service, whatever the settings choose. */
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
    'add, and again',
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
  ['alone', { DATABASE_COALESCE: 'off' }],
  ['without pipelines', { DATABASE_COALESCE: 'off', DATABASE_PIPELINE: 'off' }],
  ['without names', { DATABASE_COALESCE: 'off', DATABASE_PIPELINE: 'off', DATABASE_PREPARED: 'off' }],
])('on a cluster, each statement runs on the one shard where the rows of its owner are: %s', (_how, settings) => {
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

describe('what may look at several owners', () => {
  const faultsOf = (statements: readonly Sent[]) =>
    statements.map(({ text, values }) => shardFaults(text, values).length > 0);

  it('is what operators do: find tombstones, and leap after a restore', async () => {
    const container = composed({});
    const erasure = await container.getAsync(TOKENS.erasure);
    const [statements] = await statementsOf(container, async (_tasks, owner) => {
      await erasure.tombstones(at(-1), undefined, 1);
      await erasure.leap(1, `${owner}~` as UserId, 0);
    });
    expect(faultsOf(statements)).toEqual([true, true]);
  });

  it('is what DATABASE_COALESCE lets share a statement, which is why a cluster is to switch it off', async () => {
    const [statements] = await statementsOf(composed({ DATABASE_COALESCE: 'on' }), (tasks) =>
      Promise.all([freshOwner(), freshOwner(), freshOwner()].map((owner) => tasks.find(owner, aBirth().id))),
    );
    expect(faultsOf(statements)).toContain(true);
  });
});
