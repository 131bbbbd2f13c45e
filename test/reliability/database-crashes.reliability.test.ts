import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { startService } from '../support/service-process.ts';
import { firstSuccess, type Seen, send } from './support/client.ts';
import { Cluster } from './support/cluster.ts';
import { Ledger, NOTHING_LOST } from './support/ledger.ts';
import { expectNoLeftovers } from './support/leftovers.ts';
import { expectNoFaults, Load } from './support/load.ts';
import { PATIENCE_MS, seeded, size, tell } from './support/sizes.ts';

const CRASHES = size('CRASHES', 10, 100);
const RECOVERY_MS = 1_000;
/** After a long outage the service asks once a second, so it may take that and a little more. */
const LONG_MS = 2_000;
const RECOVERY_FROM_LONG_MS = 1_500;
/** Outages that are hidden from whoever reads. */
const SHORT_MS = 1_000;

const WAYS = ['immediate', 'fast', 'backend', 'postmaster'] as const;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.create();
});

/** @returns when the server accepts connections again */
async function crash(way: (typeof WAYS)[number]): Promise<number> {
  if (way === 'backend') {
    await cluster.killBackend();
    // Until it is noticed, the server accepts.
    await sleep(30);
    await cluster.accepts();
    return performance.now();
  }
  if (way === 'postmaster') await cluster.killPostmaster();
  else await cluster.stop(way);
  await cluster.start();
  return performance.now();
}

it(`${CRASHES} crashes of PostgreSQL under load lose no acknowledged create, and the service goes on by itself`, {
  timeout: PATIENCE_MS,
}, async () => {
  const random = seeded();
  const ledger = new Ledger(4);
  const service = await startService({ DATABASE_URL: cluster.url });
  const list = `${service.baseUrl}/api/${ledger.owners[0]}/tasks?limit=1`;
  const load = new Load({ ledger, random, writers: 8, at: () => service.baseUrl });
  const outages: { down: number; up: number }[] = [];
  const recoveries: number[] = [];
  let slow = 0;
  const reads: Seen[] = [];
  let isReading = true;
  const reading = (async () => {
    while (isReading) {
      reads.push(await send(list));
      await sleep(2);
    }
  })();

  for (let n = 0; n < CRASHES; n++) {
    // As long as it takes the service to have repetitions to spare again: it has one for each ten requests.
    await sleep(random.between(500, 1_200));
    const down = performance.now();
    const up = await crash(WAYS[n % WAYS.length] as (typeof WAYS)[number]);
    outages.push({ down, up });
    const recovery = Math.round(await firstSuccess(() => send(list), up));
    recoveries.push(recovery);
    if (recovery > (up - down > LONG_MS ? RECOVERY_FROM_LONG_MS : RECOVERY_MS)) slow += 1;
  }
  await sleep(500);
  isReading = false;
  await Promise.all([reading, load.stop()]);

  const figures = await ledger.check((sql, values) => cluster.query(sql, values));
  const isDuringLong = ({ began, ended }: Seen) =>
    outages.some(({ down, up }) => up - down > SHORT_MS && ended >= down && began <= up + RECOVERY_MS);
  const failedReads = reads.filter(({ status }) => status !== 200);
  const unexcused = failedReads.filter((read) => !isDuringLong(read));
  const short = outages.filter(({ down, up }) => up - down <= SHORT_MS).length;
  tell('crash PostgreSQL', {
    seed: random.seed,
    crashes: CRASHES,
    'of these up within a second': short,
    ...figures,
    reads: reads.length,
    'failed reads': failedReads.length,
    'failed reads of short outages': unexcused.length,
    'refused with 503': load.count(503),
    'first success after PostgreSQL accepts, most (ms)': Math.max(...recoveries),
    'longest outage (ms)': load.longestOutage,
    'longest request (ms)': load.longestRequest,
  });
  expectNoFaults(load);
  expect(figures).toMatchObject(NOTHING_LOST);
  expect(figures.acknowledged).toBeGreaterThan(5 * CRASHES);
  expect(short).toBeGreaterThan(0);
  expect(unexcused).toHaveLength(0);
  expect(slow).toBe(0);
  await expectNoLeftovers(service, cluster, ledger);
  expect(await service.stop()).toBe(0);
});
