import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { startService } from '../support/service-process.ts';
import { Changes } from './support/changes.ts';
import { firstSuccess, send } from './support/client.ts';
import { Cluster } from './support/cluster.ts';
import { Ledger, NOTHING_LOST } from './support/ledger.ts';
import { expectNoLeftovers } from './support/leftovers.ts';
import { expectNoFaults, Load } from './support/load.ts';
import { PATIENCE_MS, seeded, size, tell } from './support/sizes.ts';

const KILLS = size('KILLS', 30, 300);
const FIRST_SUCCESS_MS = 1_500;
/** On a machine that is slow, so many times as long as a start that nothing came before. */
const SLOWER = 2;
/** However slow the machine is: else a start that takes ever longer would be its own measure. */
const AT_MOST_MS = 3_000;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.create();
});

it(`${KILLS} kills of the service under load lose nothing acknowledged and double no create`, {
  timeout: PATIENCE_MS,
}, async () => {
  const random = seeded();
  const ledger = new Ledger(4);
  const start = () => startService({ DATABASE_URL: cluster.url });
  const beforehand = performance.now();
  let service = await start();
  const undisturbed = performance.now() - beforehand;
  const load = new Load({ ledger, random, writers: 8, at: () => service.baseUrl });
  const changes = new Changes(() => service.baseUrl, 2);
  const recoveries: number[] = [];

  for (let kill = 0; kill < KILLS; kill++) {
    await sleep(random.between(10, 300));
    await service.stop('SIGKILL');
    const killed = performance.now();
    service = await start();
    const list = `${service.baseUrl}/api/${ledger.owners[0]}/tasks?limit=1`;
    recoveries.push(Math.round(await firstSuccess(() => send(list), killed)));
  }
  await sleep(300);
  await Promise.all([load.stop(), changes.stop()]);

  const figures = await ledger.check((sql, values) => cluster.query(sql, values));
  const changed = await changes.check((sql, values) => cluster.query(sql, values));
  recoveries.sort((one, other) => one - other);
  const [median, p99] = [0.5, 0.99].map((part) => recoveries[Math.ceil(recoveries.length * part) - 1] as number);
  tell('kill the service', {
    seed: random.seed,
    kills: KILLS,
    ...figures,
    'acknowledged changes': changed.acknowledged,
    'changes of unknown outcome': changed.unknown,
    'unanswered requests': load.count(0),
    'refused with 503': load.count(503),
    'first success after a start, median (ms)': Number(median),
    'p99 (ms)': Number(p99),
    'longest outage (ms)': load.longestOutage,
  });
  expectNoFaults(load);
  expect(figures).toMatchObject(NOTHING_LOST);
  expect(figures.acknowledged).toBeGreaterThan(5 * KILLS);
  expect(changed.wrong).toEqual([]);
  expect(changed.acknowledged).toBeGreaterThan(2 * KILLS);
  expect(changed.unknown).toBeGreaterThan(0);
  expect(load.count(0)).toBeGreaterThan(0);
  // Not the slowest: that one depends on what else the machine does.
  expect(median).toBeLessThanOrEqual(Math.min(AT_MOST_MS, Math.max(FIRST_SUCCESS_MS, SLOWER * undisturbed)));
  await expectNoLeftovers(service, cluster, ledger);
});
