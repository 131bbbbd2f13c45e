import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Cluster } from '../reliability/support/cluster.ts';
import { freshOwner } from '../support/owners.ts';
import { countsOf } from '../support/scrape.ts';
import { type RunningService, SERVICE, startService } from '../support/service-process.ts';
import { Client, load, type Response } from './support/client.ts';
import { insertTasks, LONG_DESCRIPTION, LONGEST_DESCRIPTION } from './support/data.ts';
import { OtherUser } from './support/other-user.ts';
import { pipeline, SlowReaders } from './support/raw-clients.ts';

/** The main file of another build, to compare versions. */
const COMMAND = ['node', process.env['E2E_SERVICE_MAIN'] ?? String(SERVICE[1])];

/** A few less than one user may have. */
const MAX_WAITING = 250;

const MAX_MEMORY_GROWTH_MB = 250;
/** Each client reads twice. */
const SLOW_READING_MS = 6_000;

let cluster: Cluster;
let service: RunningService;
let client: Client;
let others: OtherUser;
let userOfLongTasks: string;

beforeAll(async () => {
  // The data is inserted faster, and no vacuum disturbs the measurements.
  cluster = await Cluster.create({ fsync: 'off', autovacuum: 'off', shared_buffers: '256MB', max_wal_size: '4GB' });
  userOfLongTasks = await insertTasks(cluster, { live: 2_500, description: LONG_DESCRIPTION });
});
beforeEach(async () => {
  service = await startService({ DATABASE_URL: cluster.url, LOG_LEVEL: 'warn' }, { command: COMMAND });
  client = new Client(service.baseUrl);
  others = await OtherUser.create(client);
});
afterEach(async () => {
  client.close();
  await service.end();
});

const listOf = (owner: string): string => `/api/${owner}/tasks`;

const create = (owner: string, body: object = {}, headers: Record<string, string> = {}): Promise<Response> =>
  client.request(listOf(owner), { method: 'POST', body: { title: 'Buy milk', ...body }, headers });

/** @returns the path of the task */
async function createTask(owner: string): Promise<string> {
  const { status, text } = await create(owner);
  expect(status).toBe(201);
  return `${listOf(owner)}/${JSON.parse(text).id}`;
}

const patch = (task: string, title: string): Promise<Response> =>
  client.request(task, { method: 'PATCH', body: { title } });

const toggle = (task: string): Promise<Response> => client.request(`${task}/complete`, { method: 'PATCH' });

const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((all, count) => all + count, 0);

describe('clients that change one task at the same time', () => {
  const statements = async () => {
    const { text } = await client.request('/metrics');
    return sum(countsOf(text, 'task_service_database_statement_duration_seconds_count'));
  };

  const stored = async (task: string) => JSON.parse((await client.request(task)).text);

  /** The acknowledged task with the highest revision. */
  const lastOf = (responses: readonly Response[]) =>
    responses
      .filter(({ status }) => status === 200)
      .map(({ text }) => JSON.parse(text))
      .reduce((last, task) => (task.revision > last.revision ? task : last));

  it('all get 200 for about one statement each, and the last one is what is stored', async () => {
    const task = await createTask(freshOwner());
    const before = await statements();
    const responses = await Promise.all(Array.from({ length: 128 }, (_, n) => patch(task, `Title ${n}`)));
    const count = (await statements()) - before;
    expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200));
    expect(count).toBeLessThan(2 * responses.length);

    expect(await stored(task)).toEqual(lastOf(responses));
  });

  it('change nothing after their responses', async () => {
    const task = await createTask(freshOwner());
    const responses = await Promise.all(Array.from({ length: MAX_WAITING }, (_, n) => patch(task, `Title ${n}`)));
    // Longer than the timeout of a statement.
    await sleep(4_500);
    expect(await stored(task)).toEqual(lastOf(responses));
  });
});

it('50 clients that toggle one task all get 200, are as fast together as one alone and disturb nobody', async () => {
  const task = await createTask(freshOwner());
  const alone = await load(1, 1_000, () => toggle(task));
  const together = await others.expectUndisturbedBy(() => load(50, 3_000, () => toggle(task)));
  expect(Object.keys(together)).toEqual(['200']);
  // Half is allowed for: other requests run meanwhile, and a test machine is noisy.
  expect(sum(together) / 3).toBeGreaterThan(sum(alone) / 2);
});

it.each([20, 60])(
  '%i clients that replay known creates of one user are about as fast as reads and disturb nobody',
  async (clients) => {
    const owner = freshOwner();
    const keys = Array.from({ length: 40 }, () => randomUUID());
    const replay = (key: string) => create(owner, {}, { 'idempotency-key': key });
    const created = await Promise.all(keys.map(replay));
    const ids = created.map(({ text }) => JSON.parse(text).id);
    const reads = await load(clients, 1_000, (n) => client.request(`${listOf(owner)}/${ids[n % ids.length]}`));

    // All clients begin with the same key.
    const turns = Array.from({ length: clients }, () => 0);
    const wrong: string[] = [];
    const replays = await others.expectUndisturbedBy(() =>
      load(clients, 3_000, async (n) => {
        const turn = (turns[n] as number) % keys.length;
        turns[n] = turn + 1;
        const response = await replay(keys[turn] as string);
        const isSame = response.status === 201 && JSON.parse(response.text).id === ids[turn];
        if (!isSame || response.headers['idempotency-replayed'] !== 'true') wrong.push(response.text);
        return response;
      }),
    );
    expect(Object.keys(replays)).toEqual(['201']);
    expect(wrong).toEqual([]);
    // A quarter is allowed for: other requests run meanwhile, and a test machine is noisy.
    expect(sum(replays) / 3).toBeGreaterThan(sum(reads) / 4);
  },
);

it('25 clients that ask for one task among 300,000 tombstones get it and disturb nobody', async () => {
  const owner = await insertTasks(cluster, { tombstones: 300_000, live: 10 });
  const paths = ['?sort=updated_at&limit=1', '/changes?limit=1'];
  const counts = await others.expectUndisturbedBy(() =>
    load(25, 4_000, (n) => client.request(listOf(owner) + paths[n % paths.length])),
  );
  expect(Object.keys(counts)).toEqual(['200']);
});

it('20 clients that ask for pages of 1,000 long tasks disturb nobody', async () => {
  const counts = await others.expectUndisturbedBy(() =>
    load(20, 5_000, () => client.request(`${listOf(userOfLongTasks)}?limit=1000`)),
  );
  expect(counts[200]).toBeGreaterThan(0);
  expect(['200', '429']).toEqual(expect.arrayContaining(Object.keys(counts)));
});

it('one connection that pipelines 400 expensive searches disturbs nobody', async () => {
  const path = `${listOf(userOfLongTasks)}?q=needle`;
  await others.expectUndisturbedBy(() => pipeline(service.baseUrl, path, 400, 6_000));
});

it.runIf(process.platform === 'linux')('60 clients that read large pages slowly cost little memory', async () => {
  const owner = await insertTasks(cluster, { live: 1_100, description: LONGEST_DESCRIPTION });
  const path = `${listOf(owner)}?limit=1000`;
  await client.request(path);
  const before = await memory();
  let most = before;
  await others.expectUndisturbedBy(async () => {
    const readers = await SlowReaders.open(service.baseUrl, path, 60);
    const endAt = performance.now() + SLOW_READING_MS;
    try {
      while (performance.now() < endAt) {
        most = Math.max(most, await memory());
        await sleep(50);
      }
    } finally {
      readers.close();
    }
    expect.soft(most - before, 'growth of the resident memory, in MB').toBeLessThan(MAX_MEMORY_GROWTH_MB);
  });
});

/** Resident memory of the service, in MB. */
async function memory(): Promise<number> {
  const status = await readFile(`/proc/${service.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024;
}

describe('a transaction that holds a lock disturbs nobody but its user', () => {
  /** Runs a load while a transaction is open, and until its last response after that. */
  async function whileLocked(lock: string, owner: string, ms: number, work: () => Promise<Record<number, number>>) {
    const transaction = await cluster.connect();
    try {
      await transaction.query('begin');
      await transaction.query(lock, [owner]);
      await others.expectUndisturbedBy(async () => {
        const [counts] = await Promise.all([work(), sleep(ms).then(() => transaction.query('rollback'))]);
        expect(['200', '201', '429', '503']).toEqual(expect.arrayContaining(Object.keys(counts)));
      });
    } finally {
      await transaction.end();
    }
  }

  it('when the lock is on the counter of a new user who creates tasks', async () => {
    const owner = freshOwner();
    await whileLocked('insert into task_lists (user_id, revision) values ($1, 0)', owner, 4_000, () =>
      load(20, 4_000, () => create(owner)),
    );
    expect((await create(owner)).status).toBe(201);
  });

  it('when the lock is on the counter of a user who creates and changes tasks', async () => {
    const owner = freshOwner();
    const task = await createTask(owner);
    await whileLocked('select from task_lists where user_id = $1 for update', owner, 3_000, () =>
      load(20, 3_000, (n) => (n % 2 === 0 ? create(owner) : patch(task, `Title ${randomUUID()}`))),
    );
    expect((await patch(task, 'Final')).status).toBe(200);
  });

  it('when the lock is on a task that its user changes', async () => {
    const owner = freshOwner();
    const task = await createTask(owner);
    await whileLocked('select from tasks where user_id = $1 for update', owner, 3_000, () =>
      load(20, 3_000, () => patch(task, `Title ${randomUUID()}`)),
    );
    expect((await patch(task, 'Final')).status).toBe(200);
  });
});

it('100 clients that write for one user disturb nobody', async () => {
  const owner = freshOwner();
  const counts = await others.expectUndisturbedBy(() => load(100, 5_000, () => create(owner)));
  expect(Object.keys(counts)).toEqual(['201']);
});
