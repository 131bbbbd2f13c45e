import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freshOwner } from '../support/owners.ts';
import { type RunningService, startService } from '../support/service-process.ts';
import { type Seen, send } from './support/client.ts';
import { Cluster } from './support/cluster.ts';
import { FaultProxy } from './support/fault-proxy.ts';
import { PATIENCE_MS, size, tell } from './support/sizes.ts';

const ROUNDS = size('IDLE_ROUNDS', 5, 50);
const IDLE_MS = size('IDLE_MS', 0, 300_000);
const WAKING_MS = 2_000;
const MORE_MS = 500;

let cluster: Cluster;
let way: FaultProxy;
let service: RunningService;
beforeAll(async () => {
  cluster = await Cluster.create();
  way = await FaultProxy.before(cluster.port);
  service = await startService({ DATABASE_URL: way.through(cluster.url) });
});
afterAll(() => way?.close());

const list = (owner = freshOwner()) => `${service.baseUrl}/api/${owner}/tasks`;
const create = (): Promise<Seen> => send(list(), { body: { title: 'Buy milk' } });
const took = ({ began, ended }: Seen): number => Math.round(ended - began);

/** Connections of all kinds, for writes, reads and searches, all of them idle again. */
async function warmUp(): Promise<void> {
  const asked = [create, () => send(list()), () => send(`${list()}?q=milk`)];
  await Promise.all(asked.flatMap((ask) => Array.from({ length: 20 }, ask)));
  await vi.waitFor(async () => {
    const [row] = await cluster.query<{ n: number }>(
      "select count(*)::int as n from pg_stat_activity where application_name = 'task-service' and state <> 'idle'",
    );
    expect(row?.n).toBe(0);
  });
}

describe('the first request', () => {
  const changed = async () => {
    const owner = freshOwner();
    const { json: task } = await send(list(owner), { body: { title: 'Buy milk' } });
    return () => send(`${list(owner)}/${task.id}`, { method: 'PATCH', body: { title: 'Buy bread' } });
  };

  it.each([
    ['created', async () => create],
    ['read', async () => () => send(list())],
    ['changed', changed],
  ])(
    `is %s after all idle connections were ended, ${ROUNDS} times`,
    { timeout: PATIENCE_MS },
    async (what, prepare) => {
      const times: number[] = [];
      let ended = 0;
      for (let n = 0; n < ROUNDS; n++) {
        const ask = await prepare();
        await warmUp();
        ended += await cluster.terminateBackends();
        // As long as it takes the service to hear of it, which for an idle connection is long before it is used.
        await sleep(50);
        const first = await ask();
        times.push(took(first));
        expect([first.status, first.text]).toEqual([what === 'created' ? 201 : 200, expect.anything()]);
      }
      tell(`idle connections ended, ${what}`, {
        rounds: ROUNDS,
        'connections ended': ended,
        'first answer, most (ms)': Math.max(...times),
      });
      expect(ended).toBeGreaterThan(3 * ROUNDS);
      expect(Math.max(...times)).toBeLessThanOrEqual(MORE_MS);
    },
  );

  it('waits for a database that wakes up, and no longer', async () => {
    await warmUp();
    await way.set({ kind: 'rst' });
    await way.set({ kind: 'acceptDelay', ms: WAKING_MS });

    const answers = await Promise.all([create(), send(list()), create()]);
    await way.heal();

    const times = answers.map(took);
    tell('cold start', { 'waking takes (ms)': WAKING_MS, 'first answers (ms)': times.join(' / ') });
    expect(answers.map(({ status }) => status)).toEqual([201, 200, 201]);
    expect(Math.min(...times)).toBeGreaterThan(WAKING_MS / 2);
    expect(Math.max(...times)).toBeLessThanOrEqual(WAKING_MS + MORE_MS);
  });

  it.skipIf(IDLE_MS === 0)(
    `succeeds after ${IDLE_MS} ms of rest, in which nothing asks the database`,
    {
      timeout: PATIENCE_MS,
    },
    async () => {
      await warmUp();
      await sleep(IDLE_MS);
      const connections = await cluster.query("select from pg_stat_activity where application_name = 'task-service'");
      const first = await create();
      tell('idle', { 'for (ms)': IDLE_MS, connections: connections.length, 'first answer (ms)': took(first) });
      expect(connections).toEqual([]);
      expect(first.status).toBe(201);
      expect(took(first)).toBeLessThanOrEqual(MORE_MS);
    },
  );
});
