import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it, vi } from 'vitest';
import { freshOwner } from '../support/owners.ts';
import { type RunningService, startService } from '../support/service-process.ts';
import { type Seen, send } from './support/client.ts';
import { Cluster } from './support/cluster.ts';
import { FaultProxy } from './support/fault-proxy.ts';
import { PATIENCE_MS, size, tell } from './support/sizes.ts';

const SOAK_MS = size('SOAK_MS', 4_000, 3_600_000);
const CLIENTS = 8;
const MIB = 2 ** 20;
/** A heap that leaks a kibibyte for each request is beyond this after the short run already. */
const GROWTH_MIB = 4;

/** Told on SIGCONT, after garbage was collected: what is still there then is held by somebody. */
const TELL_HEAP = `process.on('SIGCONT', () => {
  gc();
  process.stderr.write('heap ' + process.memoryUsage().heapUsed + '\\n');
});`;

let cluster: Cluster;
let way: FaultProxy;
let service: RunningService;
beforeAll(async () => {
  cluster = await Cluster.create();
  way = await FaultProxy.before(cluster.port);
  service = await startService({
    DATABASE_URL: way.through(cluster.url),
    LOG_LEVEL: 'silent',
    NODE_OPTIONS: `--expose-gc --import data:text/javascript,${encodeURIComponent(TELL_HEAP)}`,
  });
  return () => way.close();
});

const descriptors = (): number => readdirSync(`/proc/${service.pid}/fd`).length;

async function heapMiB(): Promise<number> {
  const before = service.stderr.length;
  process.kill(service.pid, 'SIGCONT');
  await vi.waitFor(() => expect(service.stderr.slice(before)).toMatch(/heap \d+\n/), 10_000);
  return Number(/heap (\d+)\n/.exec(service.stderr.slice(before))?.[1]) / MIB;
}

/** Statuses of answers that nobody should get, whatever was asked and whatever was cut; 0 for none. */
const unexcused: number[] = [];

async function ask(...request: Parameters<typeof send>): Promise<Seen> {
  const seen = await send(...request);
  const isExcused = seen.status === 503 && seen.headers.has('retry-after');
  if (seen.status === 0 || (seen.status >= 500 && !isExcused)) unexcused.push(seen.status);
  return seen;
}

/** One client's day: all that can be asked, some of it wrongly. */
async function round(owner: string): Promise<number> {
  const list = `${service.baseUrl}/api/${owner}/tasks`;
  const { json: task } = await ask(list, { body: { title: 'Buy milk', description: 'x'.repeat(500) } });
  const url = `${list}/${task?.id}`;
  await ask(`${list}?limit=5&q=milk`);
  await ask(url, { headers: { 'if-none-match': `"${task?.revision}"` } });
  await ask(`${url}/complete`, { method: 'PATCH' });
  await ask(url, { method: 'PATCH', body: { title: '' } });
  await ask(url, { method: 'DELETE', headers: { 'if-match': '"1"' } });
  await ask(url, { method: 'DELETE' });
  await ask(`${list}/changes?since=0&limit=5`);
  return 8;
}

async function loadFor(ms: number): Promise<number> {
  const until = performance.now() + ms;
  const clients = Array.from({ length: CLIENTS }, async () => {
    let requests = 0;
    while (performance.now() < until) requests += await round(freshOwner());
    return requests;
  });
  return (await Promise.all(clients)).reduce((sum, one) => sum + one, 0);
}

it('keeps neither memory nor descriptors, whatever is asked and whatever is cut', {
  timeout: PATIENCE_MS,
}, async () => {
  // Code is compiled and caches are filled before anything is compared.
  await loadFor(2_000);
  await sleep(500);
  const [heapBefore, descriptorsBefore] = [await heapMiB(), descriptors()];

  let requests = await loadFor(SOAK_MS / 2);
  const cuts = setInterval(() => {
    for (const relay of way.relays) relay.set({ kind: 'rst' });
  }, 500);
  requests += await loadFor(SOAK_MS / 2);
  clearInterval(cuts);
  await loadFor(500);
  await sleep(500);

  const [heap, open] = [await heapMiB(), descriptors()];
  tell('soak', {
    requests,
    'heap before (MiB)': heapBefore.toFixed(1),
    'heap after (MiB)': heap.toFixed(1),
    'descriptors before': descriptorsBefore,
    'descriptors after': open,
  });
  expect(unexcused).toEqual([]);
  expect(heap - heapBefore).toBeLessThan(GROWTH_MIB);
  expect(open).toBeLessThanOrEqual(descriptorsBefore + CLIENTS);
});
