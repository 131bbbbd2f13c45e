import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { type RunningService, startService } from '../support/service-process.ts';
import { type Seen, send } from './support/client.ts';
import { Cluster } from './support/cluster.ts';
import { Ledger, NOTHING_LOST } from './support/ledger.ts';
import { expectNoLeftovers } from './support/leftovers.ts';
import { PATIENCE_MS, size, tell } from './support/sizes.ts';

const ROUNDS = size('LOCKED_ROUNDS', 1, 10);
const LOCKED_MS = size('LOCKED_MS', 8_000, 20_000);
const REQUESTS = 200;
/** Two seconds for the lock, and some for the queue and the network. */
const RESPONSE_MS = 3_500;
const AT_ONCE_MS = 50;
const RECOVERY_MS = 1_000;

describe('locked tables', () => {
  let cluster: Cluster;
  let service: RunningService;
  beforeAll(async () => {
    cluster = await Cluster.create();
    service = await startService({ DATABASE_URL: cluster.url, DATABASE_POOL_MAX: '5' });
  });

  const took = ({ began, ended }: Seen): number => ended - began;
  const most = (seen: readonly Seen[]): number => Math.round(Math.max(0, ...seen.map(took)));
  const median = (seen: readonly Seen[]): number => {
    const times = seen.map(took).sort((one, other) => one - other);
    return Math.round(times[Math.floor(times.length / 2)] ?? Number.NaN);
  };

  it(`fail requests for tasks only, and only while they are locked: ${REQUESTS} requests at once, ${ROUNDS} times`, {
    timeout: PATIENCE_MS,
  }, async () => {
    const ledger = new Ledger(4);
    const create = async (n: number): Promise<Seen> => {
      const attempt = ledger.try(ledger.owners[n % 4] as string);
      const seen = await send(`${service.baseUrl}/api/${attempt.owner}/tasks`, {
        body: { title: attempt.title },
        headers: { 'idempotency-key': attempt.key ?? randomUUID() },
      });
      if (seen.status === 201) ledger.ack(attempt, seen.json.id, seen.headers.get('etag'));
      return seen;
    };
    const [failed, alive, after]: [Seen[], Seen[], Seen[]] = [[], [], []];
    let recovery = 0;

    for (let round = 0; round < ROUNDS; round++) {
      // Opens the connections of clients and to the database.
      await Promise.all(Array.from({ length: 20 }, (_, n) => create(n)));
      const holder = await cluster.connect();
      await holder.query('begin');
      await holder.query('lock table tasks, task_lists in access exclusive mode');
      const locked = performance.now();
      const all = Array.from({ length: REQUESTS }, (_, n) => create(n));
      await sleep(700);
      for (let n = 0; n < 10; n++) alive.push(await send(`${service.baseUrl}/livez`));
      failed.push(...(await Promise.all(all)));
      while (performance.now() - locked < LOCKED_MS) {
        alive.push(await send(`${service.baseUrl}/livez`));
        await sleep(100);
      }
      await holder.query('rollback');
      await holder.end();
      const released = performance.now();
      const later: Seen[] = [];
      while (performance.now() - released < 3 * RECOVERY_MS) {
        later.push(await create(later.length));
        await sleep(20);
      }
      after.push(...later);
      const lastFailure = later.findLast(({ status }) => status !== 201);
      recovery = Math.max(recovery, lastFailure === undefined ? 0 : lastFailure.ended - released);
    }

    const figures = await ledger.check((sql, values) => cluster.query(sql, values));
    tell('exhaustion', {
      rounds: ROUNDS,
      'locked for (ms)': LOCKED_MS,
      'requests at once': REQUESTS,
      ...figures,
      'failed with 503': failed.filter(({ status }) => status === 503).length,
      'longest failed request (ms)': most(failed),
      'responses to /livez, median (ms)': median(alive),
      'last failure after release (ms)': Math.round(recovery),
    });
    expect(new Set(failed.map(({ status }) => status))).toEqual(new Set([503]));
    expect(new Set(failed.map(({ headers }) => /^\d+$/.test(headers.get('retry-after') ?? '')))).toEqual(
      new Set([true]),
    );
    expect(most(failed)).toBeLessThanOrEqual(RESPONSE_MS);
    expect(new Set(alive.map(({ status }) => status))).toEqual(new Set([200]));
    // The slowest one depends on the load of the machine.
    expect(median(alive)).toBeLessThanOrEqual(AT_ONCE_MS);
    expect(recovery).toBeLessThanOrEqual(RECOVERY_MS);
    expect(figures).toMatchObject(NOTHING_LOST);
    await expectNoLeftovers(service, cluster, ledger);
  });
});
