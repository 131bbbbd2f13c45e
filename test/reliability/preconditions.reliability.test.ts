import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { freshOwner } from '../support/owners.ts';
import { type RunningService, startService } from '../support/service-process.ts';
import { type Seen, send } from './support/client.ts';
import { Cluster } from './support/cluster.ts';
import { PATIENCE_MS, seeded, size, tell } from './support/sizes.ts';

const OPERATIONS = size('PRECONDITION_OPERATIONS', 3_000, 32_000);
const WORKERS = 16;
const TASKS = 10;
const AT_ONCE = 50;

/** A change that was answered, whether by 200 or not. */
interface Change extends Pick<Seen, 'status' | 'began' | 'ended'> {
  readonly url: string;
  readonly base: number;
  readonly revision: number;
}

let cluster: Cluster;
let service: RunningService;
beforeAll(async () => {
  cluster = await Cluster.create();
  service = await startService({ DATABASE_URL: cluster.url });
});

/** Until there is an answer to a read. */
async function read(url: string): Promise<Seen> {
  for (;;) {
    const seen = await send(url);
    if (seen.status === 200) return seen;
    expect(seen.status).toBe(503);
    await sleep(20);
  }
}

/** Adds one to the number in the description, if nobody changed the task since it was read. */
async function increment(url: string): Promise<Change> {
  const { json: task, headers } = await read(url);
  const { status, json, began, ended } = await send(url, {
    method: 'PATCH',
    headers: { 'if-match': headers.get('etag') ?? '' },
    body: { description: String(Number(task.description) + 1) },
  });
  return { url, base: task.revision, revision: json?.revision, status, began, ended };
}

/** Pairs of changes of which one had its answer before the other was sent, and yet the higher revision. */
function reversals(changes: readonly Change[]): number {
  const ends = changes.toSorted((one, other) => one.ended - other.ended);
  let [next, highest, found] = [0, 0, 0];
  for (const { began, revision } of changes.toSorted((one, other) => one.began - other.began)) {
    for (; next < ends.length && (ends[next] as Change).ended < began; next++) {
      highest = Math.max(highest, (ends[next] as Change).revision);
    }
    if (revision <= highest) found += 1;
  }
  return found;
}

describe('changes with If-Match', () => {
  it(`are never lost and never fork while connections are cut: ${OPERATIONS} of ${WORKERS} workers on ${TASKS} tasks`, {
    timeout: PATIENCE_MS,
  }, async () => {
    const random = seeded();
    const list = `${service.baseUrl}/api/${freshOwner()}/tasks`;
    const urls: string[] = [];
    for (let n = 0; n < TASKS; n++) {
      const { json } = await send(list, { body: { title: `task ${n}`, description: '0' } });
      urls.push(`${list}/${json.id}`);
    }
    const changes: Change[] = [];
    let [begun, cuts] = [0, 0];
    const work = async () => {
      const own = random.fork();
      while (begun++ < OPERATIONS) changes.push(await increment(own.pick(urls)));
    };
    const working = Promise.all(Array.from({ length: WORKERS }, work));
    const cutting = (async () => {
      while (begun < OPERATIONS) {
        await sleep(random.between(150, 500));
        cuts += await cluster.terminateBackends();
      }
    })();
    await Promise.all([working, cutting]);

    const by = (status: number) => changes.filter((change) => change.status === status);
    const successes = by(200);
    const unknown = by(503).length;
    const forks = successes.length - new Set(successes.map(({ url, base }) => `${url} ${base}`)).size;
    const shared = successes.length - new Set(successes.map(({ revision }) => revision)).size;
    let [lost, surplus] = [0, 0];
    for (const url of urls) {
      const counted = Number((await read(url)).json.description);
      const of = (some: readonly Change[]) => some.filter((change) => change.url === url).length;
      lost += Math.max(0, of(successes) - counted);
      surplus += Math.max(0, counted - of(successes) - of(by(503)));
    }
    tell('preconditions', {
      seed: random.seed,
      operations: changes.length,
      'connections cut': cuts,
      succeeded: successes.length,
      refused: by(412).length,
      'of unknown outcome': unknown,
      forks,
      'lost updates': lost,
      'made twice': surplus,
      reversals: reversals(successes),
    });
    expect(new Set(changes.map(({ status }) => status))).toEqual(new Set(unknown > 0 ? [200, 412, 503] : [200, 412]));
    expect({ forks, shared, lost, surplus, reversals: reversals(successes) }).toEqual({
      forks: 0,
      shared: 0,
      lost: 0,
      surplus: 0,
      reversals: 0,
    });
    expect(cuts).toBeGreaterThan(0);
    expect(successes.length).toBeGreaterThan(OPERATIONS / 10);
  });
});

describe('changes without If-Match', () => {
  it(`all succeed, one after the other: ${AT_ONCE} of one task at once`, async () => {
    const list = `${service.baseUrl}/api/${freshOwner()}/tasks`;
    const { json: task } = await send(list, { body: { title: 'Buy milk' } });
    const change = (_: unknown, n: number) =>
      send(`${list}/${task.id}`, { method: 'PATCH', body: { title: `Buy ${n} litres` } });

    const answers = await Promise.all(Array.from({ length: AT_ONCE }, change));

    const took = Math.round(Math.max(...answers.map(({ began, ended }) => ended - began)));
    tell('without preconditions', { writers: AT_ONCE, 'longest request (ms)': took });
    expect(answers.map(({ status }) => status)).toEqual(Array(AT_ONCE).fill(200));
    expect(new Set(answers.map(({ json }) => json.revision)).size).toBe(AT_ONCE);
  });
});
