import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { openScheduler } from '../../src/infrastructure/postgres/scheduling/lanes.ts';
import type { Scheduler } from '../../src/infrastructure/postgres/scheduling/scheduler.ts';
import { compileSql, type LaneName, type Query } from '../../src/infrastructure/postgres/sql/statement.ts';
import { FaultProxy } from '../reliability/support/fault-proxy.ts';

const LANES: readonly LaneName[] = ['read', 'write', 'isolated', 'page', 'scan'];

interface Row {
  readonly pid: number;
  readonly prepared: number;
  readonly lock_timeout: string;
}

const SESSION = compileSql<{ readonly owner: string }, Row>(
  'test',
  () => true,
  `select pg_backend_pid() as pid, (select count(*)::int from pg_prepared_statements) as prepared,
          current_setting('lock_timeout') as lock_timeout, :owner::text as owner`,
);
const SLEEP = compileSql<{ readonly owner: string }, Row>('test', () => true, 'select pg_sleep(0.1), :owner::text');

const queryOn = (lane: LaneName, statement = SESSION): Query<{ readonly owner: string }, Row> => ({
  lane,
  retry: 'read',
  statement,
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const fakeClock = () => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });

async function opened({ prepared = true } = {}): Promise<[Scheduler, FaultProxy]> {
  const proxy = await FaultProxy.before(Number(new URL(inject('directUrl')).port));
  cleanups.push(() => proxy.close());
  const scheduler = openScheduler({ url: proxy.through(inject('directUrl')), maxConnections: 5, prepared });
  cleanups.push(() => scheduler.close());
  return [scheduler, proxy];
}

async function sessionOn(scheduler: Scheduler, lane: LaneName): Promise<Row> {
  const [row] = await scheduler.run(queryOn(lane), { owner: 'alice' });
  return row as Row;
}

const sessionsOf = (scheduler: Scheduler) => Promise.all(LANES.map((lane) => sessionOn(scheduler, lane)));
const pidsOf = async (scheduler: Scheduler) => (await sessionsOf(scheduler)).map(({ pid }) => pid);
const connectionsOf = (scheduler: Scheduler) => scheduler.load.map(({ connections }) => connections);

describe('the lanes', () => {
  it('have a connection each, which they keep', async () => {
    const [scheduler, proxy] = await opened();
    const pids = await pidsOf(scheduler);
    expect(new Set(pids).size).toBe(LANES.length);
    expect(await pidsOf(scheduler)).toEqual(pids);
    expect(proxy.accepted).toBe(LANES.length);
    expect(connectionsOf(scheduler)).toEqual([1, 1, 1, 1, 1]);
  });

  it.each([true, false])('prepare statements only if they may: %s', async (prepared) => {
    const [scheduler] = await opened({ prepared });
    await sessionsOf(scheduler);
    const expected = LANES.map(() => (prepared ? 1 : 0));
    expect((await sessionsOf(scheduler)).map((row) => row.prepared)).toEqual(expected);
  });

  it('wait for locks on the lane of writes for a tenth of a second only', async () => {
    const [scheduler] = await opened();
    expect((await sessionOn(scheduler, 'write')).lock_timeout).toBe('100ms');
    expect((await sessionOn(scheduler, 'read')).lock_timeout).not.toBe('100ms');
  });

  it('close all idle connections when one of them has become silent', async () => {
    fakeClock();
    const [scheduler, proxy] = await opened();
    const before = await pidsOf(scheduler);
    await proxy.set({ kind: 'freeze' });
    const lost = expect(sessionOn(scheduler, 'read')).rejects.toThrow('Connection terminated');
    vi.advanceTimersByTime(6_500);
    await lost;
    await proxy.heal();
    for (const pid of await pidsOf(scheduler)) expect(before).not.toContain(pid);
  });

  it('open a new connection after theirs was cut', async () => {
    const [scheduler, proxy] = await opened();
    const before = await pidsOf(scheduler);
    const lost = expect(scheduler.run(queryOn('read', SLEEP), { owner: 'alice' })).rejects.toThrow();
    await sleep(20);
    for (const relay of proxy.relays) relay.reset();
    await lost;
    // Idle connections notice it on their own.
    await sleep(50);
    for (const pid of await pidsOf(scheduler)) expect(before).not.toContain(pid);
  });

  it('close idle connections after 30 seconds, and do not count them any more', async () => {
    fakeClock();
    const [scheduler, proxy] = await opened();
    await sessionsOf(scheduler);
    vi.advanceTimersByTime(31_000);
    await vi.waitFor(() => expect(proxy.relays.size).toBe(0));
    expect(connectionsOf(scheduler)).toEqual([0, 0, 0, 0, 0]);
  });

  it('do not count an idle connection that was cut', async () => {
    const [scheduler, proxy] = await opened();
    await sessionsOf(scheduler);
    for (const relay of proxy.relays) relay.reset();
    await vi.waitFor(() => expect(connectionsOf(scheduler)).toEqual([0, 0, 0, 0, 0]), 2_000);
  });

  it('send nothing once they are closed, and close a connection that was being opened', async () => {
    const [scheduler, proxy] = await opened();
    await sessionOn(scheduler, 'read');
    const waiting = expect(sessionOn(scheduler, 'page')).rejects.toMatchObject({ name: 'CallAborted' });
    await new Promise((resolve) => setImmediate(resolve));
    await scheduler.close();
    await waiting;
    await expect(sessionOn(scheduler, 'read')).rejects.toMatchObject({ name: 'CallAborted' });
    await vi.waitFor(() => expect([proxy.accepted, proxy.relays.size]).toEqual([2, 0]));
  });
});
