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
/** Three seconds for a connection and two for a lock, and a little for the way. */
const ANSWER_MS = 5_200;
const AT_ONCE_MS = 50;
const RECOVERY_MS = 1_000;

describe('tables that are locked', () => {
  let cluster: Cluster;
  let service: RunningService;
  beforeAll(async () => {
    cluster = await Cluster.create();
    service = await startService({ DATABASE_URL: cluster.url, DATABASE_POOL_MAX: '5' });
  });

  const took = ({ began, ended }: Seen): number => ended - began;
  const most = (seen: readonly Seen[] = []): number => Math.round(Math.max(0, ...seen.map(took)));
  const median = (seen: readonly Seen[] = []): number => {
    const times = seen.map(took).sort((one, other) => one - other);
    return Math.round(times[Math.floor(times.length / 2)] ?? Number.NaN);
  };

  it(`are an outage of tasks only, which ends with the lock: ${REQUESTS} requests at once, ${ROUNDS} times`, {
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
    const [refused, shed, alive, after]: Seen[][] = [[], [], [], []];
    let recovery = 0;

    for (let round = 0; round < ROUNDS; round++) {
      // Connections that clients keep, and the pool, are there already.
      await Promise.all(Array.from({ length: 20 }, (_, n) => create(n)));
      const holder = await cluster.connect();
      await holder.query('begin');
      await holder.query('lock table tasks, task_lists in access exclusive mode');
      const locked = performance.now();
      const all = Array.from({ length: REQUESTS }, (_, n) => create(n));
      await sleep(700);
      // As many wait as may; one more is told so at once.
      for (let n = 0; n < 10; n++) {
        shed?.push(await create(n));
        alive?.push(await send(`${service.baseUrl}/livez`));
      }
      refused?.push(...(await Promise.all(all)));
      while (performance.now() - locked < LOCKED_MS) {
        alive?.push(await send(`${service.baseUrl}/livez`));
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
      after?.push(...later);
      const lastFailure = later.findLast(({ status }) => status !== 201);
      recovery = Math.max(recovery, lastFailure === undefined ? 0 : lastFailure.ended - released);
    }

    const figures = await ledger.check((sql, values) => cluster.query(sql, values));
    tell('exhaustion', {
      rounds: ROUNDS,
      'locked for (ms)': LOCKED_MS,
      'requests at once': REQUESTS,
      ...figures,
      'refused with 503': refused?.filter(({ status }) => status === 503).length ?? 0,
      'longest refusal (ms)': most(refused),
      'one more was refused after, median (ms)': median(shed),
      'answers to /livez, median (ms)': median(alive),
      'last failure after release (ms)': Math.round(recovery),
    });
    const answers = [...(refused ?? []), ...(shed ?? [])];
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    expect(new Set(answers.map(({ headers }) => /^\d+$/.test(headers.get('retry-after') ?? '')))).toEqual(
      new Set([true]),
    );
    expect(most(refused)).toBeLessThanOrEqual(ANSWER_MS);
    // Not the slowest: that one depends on what else the machine does.
    expect(median(shed)).toBeLessThanOrEqual(AT_ONCE_MS);
    expect(new Set(alive?.map(({ status }) => status))).toEqual(new Set([200]));
    expect(median(alive)).toBeLessThanOrEqual(AT_ONCE_MS);
    expect(recovery).toBeLessThanOrEqual(RECOVERY_MS);
    expect(figures).toMatchObject(NOTHING_LOST);
    await expectNoLeftovers(service, cluster, ledger);
  });
});
