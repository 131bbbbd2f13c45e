import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it, vi } from 'vitest';
import { startService } from '../support/service-process.ts';
import { Changes } from './support/changes.ts';
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
const recoveryAfter = (outageMs: number): number => (outageMs > LONG_MS ? RECOVERY_FROM_LONG_MS : RECOVERY_MS);
/** Outages that are hidden from whoever reads or creates. */
const SHORT_MS = 2_000;
/** What the service waits for a database, from the beginning of a request, and of an outage. */
const WAITED_MS = 2_500;
/** After so long the database is known to be gone. */
const KNOWN_AFTER_MS = 4_000;
const AT_ONCE_MS = 50;
/** What is refused may be on its way while the next one is served. */
const UNDER_WAY_MS = 200;
/** From one crash to the next, so that the service has repetitions to spare again: it has one for each ten. */
const REQUESTS_BETWEEN = 200;

const WAYS = ['immediate', 'fast', 'backend', 'postmaster'] as const;

type Failure = Pick<Seen, 'status' | 'began' | 'ended'>;

interface Outage {
  readonly way: (typeof WAYS)[number];
  readonly down: number;
  readonly up: number;
  /** When a client was served again. */
  readonly back: number;
}

/** Whether the service may refuse a request: it has waited as long as it does, or nobody has been served for that long. */
function isExcused({ status, began, ended }: Failure, { down, up, back }: Outage): boolean {
  if (status !== 503 || ended < down) return false;
  const hasWaited = ended - began >= WAITED_MS && ended <= Math.min(back, up + RECOVERY_MS) + WAITED_MS - SHORT_MS;
  const isKnown = Math.min(back, ended) - down >= WAITED_MS && ended <= back + UNDER_WAY_MS;
  return hasWaited || isKnown;
}

/** For whoever reads that a request failed which should not have. */
const told = ({ status, began, ended }: Failure, outages: readonly Outage[]) => {
  const { way, down, up, back } = outages.findLast(({ down }) => down <= ended) ?? (outages[0] as Outage);
  const times = [began, up, back, ended].map((time) => Math.round(time - down));
  return `${status}, ${way}: began ${times[0]} ms after it, up ${times[1]}, back ${times[2]}, failed ${times[3]}`;
};

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.create();
});

/** @returns when the server accepts connections again */
async function crash(way: (typeof WAYS)[number]): Promise<number> {
  if (way === 'backend') {
    await cluster.killBackend();
    await cluster.accepts();
    return performance.now();
  }
  if (way === 'postmaster') await cluster.killPostmaster();
  else await cluster.stop(way);
  await cluster.start();
  return performance.now();
}

it(`${CRASHES} crashes of PostgreSQL under load lose nothing acknowledged, and the service goes on by itself`, {
  timeout: PATIENCE_MS,
}, async () => {
  const random = seeded();
  const ledger = new Ledger(4);
  const service = await startService({ DATABASE_URL: cluster.url });
  const list = `${service.baseUrl}/api/${ledger.owners[0]}/tasks?limit=1`;
  const load = new Load({ ledger, random, writers: 8, at: () => service.baseUrl });
  const changes = new Changes(() => service.baseUrl, 2);
  const outages: Outage[] = [];
  const reads: Seen[] = [];
  let isReading = true;
  const reading = (async () => {
    while (isReading) {
      reads.push(await send(list));
      await sleep(2);
    }
  })();

  for (let n = 0; n < CRASHES; n++) {
    await sleep(random.between(500, 1_200));
    const since = outages.at(-1)?.back ?? 0;
    const requests = () => [...reads, ...load.seen].filter(({ ended }) => ended > since).length;
    await vi.waitUntil(() => requests() >= REQUESTS_BETWEEN, { timeout: 20_000 });
    const down = performance.now();
    const way = WAYS[n % WAYS.length] as (typeof WAYS)[number];
    const up = await crash(way);
    outages.push({ way, down, up, back: up + (await firstSuccess(() => send(list), up)) });
  }
  await sleep(500);
  isReading = false;
  await Promise.all([reading, load.stop(), changes.stop()]);

  const figures = await ledger.check((sql, values) => cluster.query(sql, values));
  const changed = await changes.check((sql, values) => cluster.query(sql, values));
  const failed = [...reads, ...load.seen].filter(({ status }) => status >= 300 || status === 0);
  const unexcused = failed.filter((seen) => !outages.some((outage) => isExcused(seen, outage)));
  const recoveries = outages.map(({ up, back }) => Math.round(back - up));
  const slow = outages.filter(({ down, up, back }) => back - up > recoveryAfter(up - down));
  const short = outages.filter(({ down, up }) => up - down <= SHORT_MS).length;
  tell('crash PostgreSQL', {
    seed: random.seed,
    crashes: CRASHES,
    'of these up within two seconds': short,
    ...figures,
    'acknowledged changes': changed.acknowledged,
    'changes of unknown outcome': changed.unknown,
    reads: reads.length,
    'failed reads and creates': failed.length,
    'of these without excuse': unexcused.length,
    'first success after PostgreSQL accepts, most (ms)': Math.max(...recoveries),
    'longest outage (ms)': load.longestOutage,
    'longest request (ms)': load.longestRequest,
  });
  expectNoFaults(load);
  expect(figures).toMatchObject(NOTHING_LOST);
  expect(figures.acknowledged).toBeGreaterThan(5 * CRASHES);
  expect(changed.wrong).toEqual([]);
  expect(changed.acknowledged).toBeGreaterThan(5 * CRASHES);
  expect(short).toBeGreaterThan(0);
  expect(unexcused.map((seen) => told(seen, outages))).toEqual([]);
  expect(slow).toEqual([]);
  await expectNoLeftovers(service, cluster, ledger);
  expect(await service.stop()).toBe(0);
});

it('while PostgreSQL is gone for long, all are refused at once, and served soon after it is back', {
  timeout: PATIENCE_MS,
}, async () => {
  const random = seeded();
  const ledger = new Ledger(4);
  const service = await startService({ DATABASE_URL: cluster.url });
  const list = `${service.baseUrl}/api/${ledger.owners[0]}/tasks?limit=1`;
  const load = new Load({ ledger, random, writers: 8, pauseMs: 20, at: () => service.baseUrl });
  await sleep(500);

  await cluster.stop('immediate');
  await sleep(KNOWN_AFTER_MS);
  const since = performance.now();
  await sleep(LONG_MS);
  const [alive, ready] = [await send(`${service.baseUrl}/livez`), await send(`${service.baseUrl}/readyz`)];
  const until = performance.now();
  await cluster.start();
  const recovery = Math.round(await firstSuccess(() => send(list)));
  await load.stop();

  const figures = await ledger.check((sql, values) => cluster.query(sql, values));
  const meanwhile = load.seen.filter(({ began, ended }) => began >= since && ended <= until);
  const times = meanwhile.map(({ began, ended }) => ended - began).sort((one, other) => one - other);
  const median = times[Math.floor(times.length / 2)] ?? Number.NaN;
  tell('PostgreSQL is gone', {
    seed: random.seed,
    ...figures,
    'refused meanwhile': meanwhile.length,
    'after, median (ms)': median.toFixed(1),
    'after, most (ms)': (times.at(-1) ?? Number.NaN).toFixed(1),
    'first success after PostgreSQL accepts (ms)': recovery,
  });
  expectNoFaults(load);
  expect(figures).toMatchObject(NOTHING_LOST);
  expect(new Set(meanwhile.map(({ status }) => status))).toEqual(new Set([503]));
  expect(meanwhile.length).toBeGreaterThan(50);
  // Not the slowest: that one depends on what else the machine does.
  expect(median).toBeLessThanOrEqual(AT_ONCE_MS);
  expect([alive.status, ready.status]).toEqual([200, 503]);
  expect(recovery).toBeLessThanOrEqual(RECOVERY_FROM_LONG_MS);
  await expectNoLeftovers(service, cluster, ledger);
});
