import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallAborted } from '../../../src/application/ports.ts';
import { ConnectionFailed } from '../../../src/infrastructure/postgres/resilience/errors.ts';
import { Scheduler } from '../../../src/infrastructure/postgres/scheduling/scheduler.ts';
import type { LaneName } from '../../../src/infrastructure/postgres/sql/statement.ts';
import { FakeDatabase, type FakeQuery, fakeQuery, type Sending, serverError, type Values } from './fake-database.ts';

/** The fake clock does not cover this module. */
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  // Not covered by the fake clock: what arrives in one turn of the event loop is sent when it ends.
  vi.stubGlobal('setImmediate', queueMicrotask);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const FIND = fakeQuery('find', 'read', 'read', { batchSize: 64 });
const CREATE = fakeQuery('create', 'write', 'idempotent', { batchSize: 64, waits: true });
const REPLACE = fakeQuery('replace', 'write', 'write', { batchSize: 64, waits: true });
const LIST = fakeQuery('list', 'page', 'read');
const SEARCH = fakeQuery('search', 'scan', 'read');

const SIZES = { read: 1, write: 1, isolated: 1, page: 1, scan: 1 };
const STATEMENT_MS = 10;
/** A statement that waits for a lock gives up after this. */
const LOCK_WAIT_MS = 50;

let serial = 0;

interface Setup {
  readonly sizes?: Partial<Record<LaneName, number>>;
  readonly isLocked?: (item: Values) => boolean;
  readonly errorOf?: (sending: Sending) => Error | undefined;
  readonly connectError?: (lane: LaneName, connections: number) => Error | undefined;
}

/** A scheduler on a fake database, and what it has sent, as `user/task` of each item. */
function setUp({ sizes, isLocked = () => false, errorOf, connectError }: Setup = {}) {
  const database: FakeDatabase = new FakeDatabase({
    connect: (lane) => ({ ms: 1, error: connectError?.(lane, database.connected(lane)) }),
    execute: (sending) => {
      if (sending.form === 'waiting' && sending.items.some(isLocked)) {
        return { ms: LOCK_WAIT_MS, error: serverError('55P03') };
      }
      return { ms: STATEMENT_MS, isLocked, error: errorOf?.(sending) };
    },
  });
  const scheduler = new Scheduler({ sizes: { ...SIZES, ...sizes }, open: database.open });
  return {
    scheduler,
    run: (query: FakeQuery, owner: string, id = 'task') => scheduler.run(query, { owner, id, serial: serial++ }),
    sent: () => database.sendings.map(({ items }) => items.map(({ owner, id }) => `${owner}/${id}`).join(' ')),
    database,
  };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('the scheduler', () => {
  it('sends a query without delay when its lane is idle', async () => {
    const { run, sent } = setUp();
    const first = run(FIND, 'ann', 'one');
    await pass(20);
    await first;
    const second = run(FIND, 'ann', 'two');
    await pass(0);
    expect(sent()).toEqual(['ann/one', 'ann/two']);
    await pass(20);
    await second;
  });

  it('puts the queries that arrive while the connection is busy into one statement', async () => {
    const { run, sent } = setUp();
    const running = [run(FIND, 'ann', 'one')];
    await pass(5);
    running.push(run(FIND, 'ann', 'two'), run(FIND, 'bob', 'three'), run(FIND, 'cid', 'four'));
    await pass(40);
    await Promise.all(running);
    expect(sent()).toEqual(['ann/one', 'ann/two bob/three cid/four']);
  });

  it('lets users take turns, one query at a time', async () => {
    const { run, sent } = setUp();
    const running = ['1', '2', '3', '4'].map((id) => run(LIST, 'ann', id));
    running.push(run(LIST, 'bob', '1'), run(LIST, 'cid', '1'), run(LIST, 'bob', '2'));
    await pass(200);
    await Promise.all(running);
    expect(sent()).toEqual(['ann/1', 'bob/1', 'cid/1', 'ann/2', 'bob/2', 'ann/3', 'ann/4']);
  });

  it('fills a batch with one user only while nobody else waits', async () => {
    const { run, sent } = setUp();
    const running = [run(FIND, 'eve', 'first')];
    await pass(5);
    for (let n = 0; n < 60; n++) running.push(run(FIND, 'ann', String(n)));
    await pass(12);
    for (let n = 0; n < 60; n++) running.push(run(FIND, 'bob', String(n)), run(FIND, 'cid', String(n)));
    await pass(500);
    await Promise.all(running);
    const [, alone = '', shared = ''] = sent();
    const countsOf = (batch: string) => ['ann', 'bob', 'cid'].map((user) => batch.split(`${user}/`).length - 1);
    expect(countsOf(alone)).toEqual([60, 0, 0]);
    expect(countsOf(shared)).toEqual([0, 16, 16]);
  });

  it('leaves one connection for scans to others, even when one user is alone', async () => {
    const { run, sent } = setUp({ sizes: { scan: 3 } });
    const running = ['1', '2', '3'].map((id) => run(SEARCH, 'ann', id));
    await pass(5);
    expect(sent()).toEqual(['ann/1', 'ann/2']);
    running.push(run(SEARCH, 'bob', '1'));
    await pass(0);
    expect(sent()).toEqual(['ann/1', 'ann/2', 'bob/1']);
    await pass(50);
    await Promise.all(running);
  });

  it('sends the items of a failed batch alone, so that the error reaches only the item that caused it', async () => {
    const isBad = ({ id }: Values) => id === 'bad';
    const { run, sent } = setUp({ errorOf: ({ items }) => (items.some(isBad) ? serverError('22P05') : undefined) });
    const first = run(CREATE, 'eve', 'first');
    await pass(5);
    const good = run(CREATE, 'ann', 'good');
    const bad = expect(run(CREATE, 'bob', 'bad')).rejects.toMatchObject({ code: '22P05' });
    await pass(100);
    await expect(good).resolves.toHaveLength(1);
    await bad;
    await first;
    expect(sent()).toEqual(['eve/first', 'ann/good bob/bad', 'ann/good', 'bob/bad']);
  });

  it('rejects every item of a batch whose outcome is unknown, and sends none of them again', async () => {
    const { run, sent } = setUp({
      errorOf: ({ form }) => (form === 'batch' ? new Error('Connection terminated') : undefined),
    });
    const first = run(REPLACE, 'eve', 'first');
    await pass(5);
    const lost = ['ann', 'bob'].map((user) => expect(run(REPLACE, user)).rejects.toThrow('Connection terminated'));
    await pass(100);
    await Promise.all([first, ...lost]);
    expect(sent()).toEqual(['eve/first', 'ann/task bob/task']);
  });

  it('fails a write whose task stays locked after two seconds, and pauses between the attempts', async () => {
    const { run, database } = setUp({ isLocked: () => true });
    const startedAt = performance.now();
    const failed = expect(run(REPLACE, 'ann')).rejects.toMatchObject({ code: '55P03' });
    await pass(1_500);
    expect(database.sendings.length).toBeLessThan(12);
    await vi.advanceTimersByTimeAsync(1_000);
    await failed;
    const waited = database.sendings.filter(({ form }) => form === 'waiting');
    expect(waited.every(({ lane }) => lane === 'isolated')).toBe(true);
    expect(performance.now() - startedAt).toBeLessThanOrEqual(2_500);
  });

  it('stores a write as soon as the lock of its task is gone', async () => {
    let isLocked = true;
    const { run } = setUp({ isLocked: () => isLocked });
    const stored = run(REPLACE, 'ann');
    await pass(1_000);
    isLocked = false;
    await pass(300);
    await expect(stored).resolves.toHaveLength(1);
  });

  it('lets no other user wait for a locked task', async () => {
    const { run } = setUp({ isLocked: ({ owner }) => owner === 'ann' });
    const locked = expect(run(REPLACE, 'ann')).rejects.toMatchObject({ code: '55P03' });
    await pass(100);
    for (let n = 0; n < 5; n++) {
      const stored = run(REPLACE, 'bob', String(n));
      await pass(STATEMENT_MS + 5);
      await expect(stored).resolves.toHaveLength(1);
    }
    await pass(2_500);
    await locked;
  });

  it('gives a user with one locked task a turn before another user with many gets a second one', async () => {
    const { run, database } = setUp({ sizes: { isolated: 2 }, isLocked: () => true });
    const failed = Array.from({ length: 8 }, (_, n) => expect(run(REPLACE, 'ann', String(n))).rejects.toThrow());
    failed.push(expect(run(REPLACE, 'bob')).rejects.toThrow());
    await pass(30);
    const attempts = database.sendings.filter(({ form }) => form === 'waiting').map(({ items }) => items[0]?.owner);
    expect(attempts).toEqual(['ann', 'bob']);
    await pass(5_000);
    await Promise.all(failed);
  });

  it('drops an aborted item within half a second, even while its lane is busy', async () => {
    const { scheduler, run, sent } = setUp();
    const controller = new AbortController();
    const values = { owner: 'ann', id: 'aborted', serial: serial++ };
    const running = Array.from({ length: 100 }, (_, n) => run(LIST, 'ann', String(n)));
    const aborted = expect(scheduler.run(LIST, values, { signal: controller.signal })).rejects.toThrow(CallAborted);
    controller.abort();
    await pass(501);
    await aborted;
    await pass(2_000);
    await Promise.all(running);
    expect(sent()).not.toContain('ann/aborted');
  });

  it('rejects what waits when the only connection cannot be opened', async () => {
    const { run } = setUp({ connectError: () => new ConnectionFailed('Nobody listens') });
    const failed = expect(run(FIND, 'ann')).rejects.toThrow(ConnectionFailed);
    await pass(5);
    await failed;
  });

  it('keeps what waits for an open connection when a second one cannot be opened', async () => {
    const { run } = setUp({
      sizes: { page: 2 },
      connectError: (_lane, connections) => (connections > 0 ? new ConnectionFailed('Too many clients') : undefined),
    });
    const running = [run(LIST, 'ann', '1')];
    await pass(5);
    running.push(run(LIST, 'ann', '2'), run(LIST, 'bob', '1'));
    const settled = Promise.allSettled(running);
    await pass(100);
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
  });

  it('sends the two writes of a task in order, although a batch of the second query has room', async () => {
    const { run, database } = setUp();
    const running = [run(CREATE, 'eve', 'first')];
    await pass(5);
    running.push(run(CREATE, 'bob'), run(REPLACE, 'ann'), run(CREATE, 'ann'));
    await pass(100);
    await Promise.all(running);
    const own = database.sendings.filter(({ items }) => items.some(({ owner }) => owner === 'ann'));
    expect(own.map(({ query }) => query)).toEqual([REPLACE, CREATE]);
  });

  it('does not let a user pass an older write of their own again and again', async () => {
    const { run, database } = setUp();
    const running = [run(CREATE, 'eve', 'first')];
    await pass(5);
    for (let n = 0; n < 200; n++) running.push(run(CREATE, 'bob', `new-${n}`));
    running.push(run(REPLACE, 'ann', 'old'));
    for (let n = 0; n < 200; n++) running.push(run(CREATE, 'ann', `new-${n}`));
    await pass(1_000);
    await Promise.all(running);
    const passed = database.sendings.findIndex(({ query }) => query === REPLACE);
    expect(passed).toBeLessThanOrEqual(2);
  });

  it('settles every item when it closes, those that wait for a lock included', async () => {
    const { scheduler, run } = setUp({ isLocked: ({ id }) => id === 'locked' });
    const running = [run(REPLACE, 'ann', 'locked'), run(FIND, 'ann'), run(LIST, 'ann', '1')];
    await pass(200);
    running.push(run(LIST, 'ann', '2'), run(LIST, 'ann', '3'), run(SEARCH, 'bob'));
    const settled = Promise.allSettled(running);
    await pass(0);
    await scheduler.close();
    await pass(300);
    expect((await settled).map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    await expect(run(FIND, 'ann')).rejects.toThrow(CallAborted);
  });
});
