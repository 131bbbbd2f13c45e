import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { freshOwner } from '../support/owners.ts';
import { type RunningService, startService } from '../support/service-process.ts';
import { send } from './support/client.ts';
import { Cluster } from './support/cluster.ts';
import type { Random } from './support/random.ts';
import { PATIENCE_MS, seeded, size, tell } from './support/sizes.ts';

const WRITING_MS = size('FOLLOWED_MS', 10_000, 600_000);
const FAULTS = size('FOLLOWED_FAULTS', 5, 300);
const WRITERS = 8;
const TASKS = 60;

interface Change {
  readonly id: string;
  readonly revision: number;
  readonly deleted_at?: string;
}

let cluster: Cluster;
let service: RunningService;
beforeAll(async () => {
  cluster = await Cluster.create();
  service = await startService({ DATABASE_URL: cluster.url });
});

/** A copy of an owner's tasks that knows nothing but the pages of the feed. */
class Follower {
  readonly tasks = new Map<string, Change>();
  pages = 0;
  late = 0;
  readonly #list: string;
  #since: number | undefined;

  constructor(list: string) {
    this.#list = list;
  }

  /** @returns whether there is more to follow */
  async follow(): Promise<boolean> {
    const since = this.#since === undefined ? '' : `&since=${this.#since}`;
    const { status, json } = await send(`${this.#list}/changes?limit=7${since}`);
    if (status === 503) return true;
    expect(status).toBe(200);
    this.pages += 1;
    for (const change of json.changes as Change[]) {
      if (change.revision <= (this.#since ?? 0)) this.late += 1;
      if (change.deleted_at === undefined) this.tasks.set(change.id, change);
      else this.tasks.delete(change.id);
    }
    this.#since = json.revision;
    return json.has_more;
  }
}

async function change(list: string, ids: string[], random: Random): Promise<boolean> {
  const url = `${list}/${random.pick(ids)}`;
  const title = `title ${random.between(0, 1_000)}`;
  const { status, json } = await random.pick([
    () => send(list, { body: { title }, headers: { 'idempotency-key': String(random.between(0, TASKS)) } }),
    () => send(url, { method: 'PATCH', body: { title } }),
    () => send(`${url}/complete`, { method: 'PATCH' }),
    () => send(url, { method: 'DELETE' }),
    () => send(`${url}/restore`, { method: 'POST' }),
  ])();
  expect([200, 201, 204, 404, 410, 422, 503]).toContain(status);
  if (status === 201 && ids.length < TASKS) ids.push(json.id);
  return status < 300;
}

it(`a follower holds what the server holds after ${WRITING_MS / 1_000} s of ${WRITERS} writers and cut connections`, {
  timeout: PATIENCE_MS,
}, async () => {
  const random = seeded();
  const owner = freshOwner();
  const list = `${service.baseUrl}/api/${owner}/tasks`;
  const { json: first } = await send(list, { body: { title: 'the first' } });
  const ids: string[] = [first.id];
  const follower = new Follower(list);
  const until = performance.now() + WRITING_MS;
  const isGoingOn = () => performance.now() < until;
  let writes = 0;
  // A transaction of somebody else's hides no change, however long it is open.
  const beside = await cluster.connect();
  await beside.query('begin isolation level repeatable read');
  await beside.query('insert into task_lists (user_id, revision) values ($1, 1)', [freshOwner()]);

  const writing = Array.from({ length: WRITERS }, async () => {
    const own = random.fork();
    while (isGoingOn()) if (await change(list, ids, own)) writes += 1;
  });
  const cutting = (async () => {
    for (let n = 0; n < FAULTS && isGoingOn(); n++) {
      await sleep(WRITING_MS / (FAULTS + 1));
      await cluster.terminateBackends();
    }
  })();
  const following = (async () => {
    while (isGoingOn()) await follower.follow();
  })();
  await Promise.all([...writing, cutting, following]);
  while (await follower.follow());
  await beside.query('rollback');
  await beside.end();

  const { json } = await send(`${list}?limit=1000&sort=updated_at`);
  const held = [...follower.tasks.values()].sort((one, other) => one.revision - other.revision);
  tell('followers', {
    seed: random.seed,
    'writers for (ms)': WRITING_MS,
    writes,
    'connections cut': FAULTS,
    pages: follower.pages,
    'late revisions': follower.late,
    'tasks at the end': held.length,
  });
  expect(held).toEqual(json.tasks);
  expect(follower.late).toBe(0);
  expect(writes).toBeGreaterThan(100);
  expect(follower.pages).toBeGreaterThan(20);
});
