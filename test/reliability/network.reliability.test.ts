import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, type onTestFinished } from 'vitest';
import { startPgbouncer } from '../support/pgbouncer.ts';
import { startService } from '../support/service-process.ts';
import { send } from './support/client.ts';
import { Cluster } from './support/cluster.ts';
import { FaultProxy } from './support/fault-proxy.ts';
import type { Fault } from './support/faults.ts';
import { Ledger, NOTHING_LOST } from './support/ledger.ts';
import { expectNoLeftovers } from './support/leftovers.ts';
import { expectNoFaults, Load } from './support/load.ts';
import { PATIENCE_MS, seeded, size, tell } from './support/sizes.ts';

/** Longer than a request may take, so that no fault is hidden by waiting for its end. */
const SILENCE_MS = size('NETWORK_SILENCE_MS', 11_000, 30_000);
const FAULT_MS = size('NETWORK_FAULT_MS', 3_000, 30_000);
const ALL_MODES = size('NETWORK_MODES', 0, 1) === 1;
/** A handler has ten seconds, and whoever waits for it a little more. */
const ANSWER_MS = 10_500;
const RECOVERY_MS = 7_000;

type Case = [what: string, fault: Fault, lasting: number];

const SHORT: Case[] = [
  ['nothing comes through any more', { kind: 'freeze' }, SILENCE_MS],
  ['connections are reset', { kind: 'rst' }, FAULT_MS],
];
const OTHERS: Case[] = [
  ['answers do not come through', { kind: 'freezeDown' }, SILENCE_MS],
  ['connections are closed', { kind: 'fin' }, FAULT_MS],
  ['nobody listens', { kind: 'refuse' }, FAULT_MS],
  ['connecting takes five seconds', { kind: 'acceptDelay', ms: 5_000 }, FAULT_MS],
  ['everything is late by 300 ms', { kind: 'latency', ms: 300, jitterMs: 100 }, FAULT_MS],
  ['everything is late by 5 s', { kind: 'latency', ms: 5_000 }, FAULT_MS],
  ['bytes trickle', { kind: 'slicer', bytes: 16, pauseMs: 20 }, FAULT_MS],
  ['the first bytes alone come', { kind: 'limitBytes', bytes: 64 }, FAULT_MS],
  ['a connection carries 4 kB', { kind: 'limitBytes', bytes: 4_096 }, FAULT_MS],
  ['inserts never arrive', { kind: 'killOn', pattern: /insert/i }, FAULT_MS],
  ['answers to inserts get lost', { kind: 'killAfterComplete', pattern: /insert/i }, FAULT_MS],
  ['what was committed is not told', { kind: 'killAfterReady', pattern: /insert/i }, FAULT_MS],
];

const PLACES = ['without a pooler', 'before the pooler', 'behind the pooler'] as const;
type Place = (typeof PLACES)[number];

const hasPooler = spawnSync('pgbouncer', ['--version']).status === 0;
if (!hasPooler) process.stderr.write('PgBouncer is not installed: networks are tested without a pooler alone\n');
const places = PLACES.filter((_, n) => n === 0 || (hasPooler && (n === 1 || ALL_MODES)));
const cases = (ALL_MODES ? [...SHORT, ...OTHERS] : SHORT).flatMap((of) =>
  places.map((place) => [of[0], of[2], place, of[1]] as const),
);

/** The way that can be spoiled leads from the service or from its pooler, and to the pooler or to the database. */
async function aServiceBehindAProxy(place: Place, whenFinished: typeof onTestFinished) {
  const cluster = await Cluster.create();
  const poolerOf = async (url: string) => {
    // A password that nobody asks for, but that has its place among the pooler's settings.
    const pooler = await startPgbouncer(url.replace('postgres@', 'postgres:any@'), 8);
    whenFinished(() => pooler.stop());
    return pooler.through(url);
  };
  const near = place === 'before the pooler' ? await poolerOf(cluster.url) : cluster.url;
  const way = await FaultProxy.before(Number(new URL(near).port));
  whenFinished(() => way.close());
  const spoiled = way.through(near);
  const DATABASE_URL = place === 'behind the pooler' ? await poolerOf(spoiled) : spoiled;
  const service = await startService({ DATABASE_URL });
  const random = seeded();
  const ledger = new Ledger(4);
  const load = new Load({ ledger, random, writers: 8, pauseMs: 20, at: () => service.baseUrl });
  await sleep(500);

  const judge = async (what: string, since: number) => {
    await load.settled(since, RECOVERY_MS + 2_000);
    const { status: alive } = await send(`${service.baseUrl}/livez`);
    await load.stop();
    const figures = await ledger.check((sql, values) => cluster.query(sql, values));
    const { first, last } = load.recovery(since);
    tell(`network, ${what}`, {
      seed: random.seed,
      ...figures,
      'refused with 503': load.count(503),
      'longest request (ms)': load.longestRequest,
      'longest outage (ms)': load.longestOutage,
      'first success after healing (ms)': first,
      'last failure after healing (ms)': last,
    });
    expectNoFaults(load);
    expect(figures).toMatchObject(NOTHING_LOST);
    expect(figures.acknowledged).toBeGreaterThan(10);
    expect(load.count(0)).toBe(0);
    expect(load.longestRequest).toBeLessThanOrEqual(ANSWER_MS);
    expect(first).toBeLessThanOrEqual(RECOVERY_MS);
    expect(last).toBeLessThanOrEqual(RECOVERY_MS);
    expect(alive).toBe(200);
    await expectNoLeftovers(service, cluster, ledger);
  };
  return { way, service, judge };
}

describe.concurrent('every request has an answer, and all is well soon after,', { timeout: PATIENCE_MS }, () => {
  it.for(cases)(
    'when on the way to the database %s, for %i ms, %s',
    async ([what, lasting, place, fault], { onTestFinished }) => {
      const { way, service, judge } = await aServiceBehindAProxy(place, onTestFinished);

      await way.set(fault);
      await sleep(lasting);
      const { status, began, ended } = await send(`${service.baseUrl}/livez`);
      await way.heal();

      await judge(`${what}, ${place}`, performance.now());
      expect(status).toBe(200);
      expect(ended - began).toBeLessThan(500);
    },
  );

  it('when connections to the database fall silent for ever, and new ones work', async ({ onTestFinished }) => {
    const { way, judge } = await aServiceBehindAProxy('without a pooler', onTestFinished);

    for (const relay of way.relays) relay.set({ kind: 'freeze' });
    const silent = performance.now();
    await sleep(RECOVERY_MS);

    await judge('single connections fall silent', silent);
  });
});

describe.concurrent('nothing is lost or doubled', { timeout: PATIENCE_MS }, () => {
  it.each(SHORT)('when on the way to the service %s', async (what, fault) => {
    const random = seeded();
    const ledger = new Ledger(4);
    const cluster = await Cluster.create();
    const service = await startService({ DATABASE_URL: cluster.url });
    const way = await FaultProxy.before(Number(new URL(service.baseUrl).port));
    const at = way.through(service.baseUrl);
    const load = new Load({ ledger, random, writers: 8, at: () => at, limitMs: 400 });
    for (let n = 0; n < 5; n++) {
      await sleep(random.between(100, 400));
      await way.set(fault);
      await sleep(random.between(50, 700));
      await way.heal();
    }
    await sleep(300);
    await load.stop();
    await way.close();

    const figures = await ledger.check((sql, values) => cluster.query(sql, values));
    tell(`network before the service, ${what}`, { seed: random.seed, ...figures, unanswered: load.count(0) });
    expectNoFaults(load);
    expect(figures).toMatchObject(NOTHING_LOST);
    expect(figures.acknowledged).toBeGreaterThan(10);
    expect(load.count(0)).toBeGreaterThan(0);
    await expectNoLeftovers(service, cluster, ledger);
  });
});
