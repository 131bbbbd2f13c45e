import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChangesPage, ProblemError, type Task, TaskClient } from '../../clients/typescript/src/task-client.ts';
import { StorageUnavailable } from '../../src/application/ports.ts';
import type { UserId } from '../../src/domain/ids.ts';
import { alwaysReady } from '../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../src/infrastructure/memory/in-memory-task-repository.ts';
import { serverOn } from '../support/server.ts';
import { aBirth } from '../support/tasks.ts';

/** `before`: the request has no effect. `after`: it has, and nobody is told. */
type Moment = 'before' | 'after';

/** A database that goes away at the moments that a test names. */
class FlakyTasks extends InMemoryTaskRepository {
  readonly faults: Moment[] = [];

  override find: InMemoryTaskRepository['find'] = (...args) => this.#during(() => super.find(...args));
  override list: InMemoryTaskRepository['list'] = (...args) => this.#during(() => super.list(...args));
  override add: InMemoryTaskRepository['add'] = (...args) => this.#during(() => super.add(...args));
  override replace: InMemoryTaskRepository['replace'] = (...args) => this.#during(() => super.replace(...args));

  async #during<T>(work: () => Promise<T>): Promise<T> {
    const fault = this.faults.shift();
    const unavailable = new StorageUnavailable('gone', { retryAfter: 3, mayHaveTakenEffect: true });
    if (fault === 'before') throw unavailable;
    const result = await work();
    if (fault === 'after') throw unavailable;
    return result;
  }
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const OWNER = 'alice';
let stored: FlakyTasks;
let http: FastifyInstance;
let pauses: number[];
let sent: string[];
let losses: Moment[];
let client: TaskClient;
let baseUrl: string;

beforeEach(async () => {
  stored = new FlakyTasks();
  http = serverOn(stored, alwaysReady);
  pauses = [];
  sent = [];
  losses = [];
  baseUrl = await http.listen({ host: '127.0.0.1', port: 0 });
  client = aClient(baseUrl);
});
afterEach(() => http.close());

/** Its connection breaks at the moments in `losses`. */
const aClient = (baseUrl: string, options: object = {}) =>
  new TaskClient({
    baseUrl,
    owner: OWNER,
    pauseFor: async (ms) => void pauses.push(ms),
    fetch: async (input, init) => {
      sent.push((input as Request).method);
      const loss = losses.shift();
      if (loss === 'before') throw new TypeError('fetch failed');
      const answer = await fetch(input, init);
      if (loss === 'after') throw new TypeError('terminated');
      return answer;
    },
    ...options,
  });

const titles = async (): Promise<string[]> => {
  const found: string[] = [];
  for await (const { title } of client.all()) found.push(title);
  return found;
};

describe('the client', () => {
  it('creates, reads, lists, edits, completes, deletes and restores', async () => {
    const milk = await client.create({ title: 'Buy milk' });
    expect(await client.get(milk.id)).toEqual(milk);
    const edited = await client.edit(milk, { description: 'Two litres' });
    expect(edited).toMatchObject({ ok: true, task: { title: 'Buy milk', description: 'Two litres', revision: 2 } });
    const completed = await client.complete({ id: milk.id, revision: 2 });
    expect(completed).toMatchObject({ ok: true, task: { completed: true } });
    expect((await client.list({ completed: true, count: true, limit: 5 })).total).toBe(1);

    expect(await client.delete({ id: milk.id, revision: 3 })).toEqual({ ok: true, task: undefined });
    const [deleted] = (await client.list({ deleted: true })).tasks;
    expect(await client.restore(deleted as Task)).toMatchObject({ ok: true, task: { completed: true } });
    expect(pauses).toEqual([]);
  });

  it('walks through all pages', async () => {
    for (let n = 0; n < 5; n++) await client.create({ title: `task ${n}` });
    const found = [];
    for await (const task of client.all({ limit: 2, sort: 'created_at' })) found.push(task.title);
    expect(found).toEqual(['task 0', 'task 1', 'task 2', 'task 3', 'task 4']);
  });

  it('throws what its caller has to decide about', async () => {
    await expect(client.get(crypto.randomUUID())).rejects.toMatchObject({ status: 404, code: 'task-not-found' });
    const error = await client.create({ title: '' }).catch((reason) => reason);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error.problem.errors).toEqual([{ pointer: '/title', detail: 'must not be blank' }]);
    const gateway = aClient('http://gateway', { fetch: async () => new Response('<html>', { status: 502 }) });
    await expect(gateway.list()).rejects.toMatchObject({ status: 502, code: undefined });
  });
});

describe('a conflict', () => {
  it('is told with the task as it stands, and changes nothing', async () => {
    const seen = await client.create({ title: 'Buy milk' });
    await client.complete(seen);
    expect(await client.edit(seen, { title: 'Buy oat milk' })).toMatchObject({
      ok: false,
      current: { title: 'Buy milk', completed: true, revision: 2 },
    });
    expect(await client.delete(seen)).toMatchObject({ ok: false, current: { revision: 2 } });
    expect(await client.complete(seen)).toMatchObject({ ok: false });
    expect(await titles()).toEqual(['Buy milk']);
  });

  it('lets a change be decided again', async () => {
    const seen = await client.create({ title: 'milk' });
    await client.edit(seen, { title: 'oat milk' });
    const task = await client.update(seen, ({ title }) => ({ title: `Buy ${title}` }));
    expect(task).toMatchObject({ title: 'Buy oat milk', revision: 3 });
  });
});

describe.each([
  ['503', () => stored.faults, 3_000],
  ['a lost connection', () => losses, 0],
] as const)('after %s', (_what, faults, atLeast) => {
  it.each<Moment>(['before', 'after'])('%s its effect a create is repeated, and creates once', async (moment) => {
    faults().push(moment);
    expect(await client.create({ title: 'Buy milk' })).toMatchObject({ title: 'Buy milk', revision: 1 });
    expect(await titles()).toEqual(['Buy milk']);
    expect(pauses).toHaveLength(1);
    expect(pauses[0]).toBeGreaterThanOrEqual(atLeast);
  });

  it('reads are repeated', async () => {
    const { id } = await client.create({ title: 'Buy milk' });
    faults().push('before', 'before');
    expect(await client.get(id)).toMatchObject({ title: 'Buy milk' });
    expect(pauses).toHaveLength(2);
  });

  it('it gives up after five attempts', async () => {
    faults().push(...Array<Moment>(9).fill('before'));
    await expect(client.list()).rejects.toThrow();
    expect(sent).toHaveLength(5);
    expect(faults()).toHaveLength(4);
  });
});

describe('after 429', () => {
  const limited = (rejections: number) => {
    let attempts = 0;
    const attempt: typeof fetch = async (input, init) =>
      attempts++ < rejections ? new Response('', { status: 429, headers: { 'retry-after': '2' } }) : fetch(input, init);
    return aClient(baseUrl, { fetch: attempt });
  };
  const params = { path: { user_id: OWNER } };

  it('every request is retried, because nothing was done', async () => {
    const unnamed = await limited(1).api.POST('/api/{user_id}/tasks', { params, body: { title: 'Buy milk' } });
    expect(unnamed.response.status).toBe(201);
    expect(pauses).toHaveLength(1);
    expect(pauses[0]).toBeGreaterThanOrEqual(2_000);
    await expect(limited(5).list()).rejects.toMatchObject({ status: 429 });
    expect(pauses).toHaveLength(5);
  });

  it('an unnamed create is not sent again after 503', async () => {
    stored.faults.push('before');
    const { response } = await limited(1).api.POST('/api/{user_id}/tasks', { params, body: { title: 'Buy milk' } });
    expect(response.status).toBe(503);
    expect(await titles()).toEqual([]);
  });

  it('a missing task was not deleted by the rejected attempt', async () => {
    await expect(limited(1).delete({ id: crypto.randomUUID(), revision: 1 })).rejects.toMatchObject({ status: 404 });
  });
});

describe('a change whose answer was lost', () => {
  it('is done once, and known to be done', async () => {
    let task = await client.create({ title: 'Buy milk' });
    for (const change of [
      () => client.edit(task, { title: 'Buy oat milk' }),
      () => client.complete(task),
      () => client.complete(task, false),
    ]) {
      losses.push('after');
      const outcome = await change();
      expect(outcome).toMatchObject({ ok: true, task: { revision: task.revision + 1 } });
      if (outcome.ok) task = outcome.task;
    }
    losses.push('after');
    expect(await client.delete(task)).toEqual({ ok: true, task: undefined });
    const [deleted] = (await client.list({ deleted: true })).tasks;
    losses.push('after');
    expect(await client.restore(deleted as Task)).toMatchObject({ ok: true, task: { title: 'Buy oat milk' } });
  });

  it('is a conflict when the task is not as it would have made it', async () => {
    const seen = await client.create({ title: 'Buy milk' });
    await client.edit(seen, { title: 'Buy soy milk' });
    losses.push('before');
    expect(await client.edit(seen, { title: 'Buy oat milk' })).toMatchObject({
      ok: false,
      current: { title: 'Buy soy milk' },
    });
  });

  it('is no deletion when the task was never there', async () => {
    await expect(client.delete({ id: crypto.randomUUID(), revision: 1 })).rejects.toMatchObject({ status: 404 });
  });
});

describe('what cannot be told apart', () => {
  const path = { user_id: OWNER, id: '' };

  it.each([
    [
      'a toggle',
      (id: string) => client.api.PATCH('/api/{user_id}/tasks/{id}/complete', { params: { path: { ...path, id } } }),
    ],
    [
      'a change of whatever exists',
      (id: string) =>
        client.api.PATCH('/api/{user_id}/tasks/{id}', {
          params: { path: { ...path, id }, header: { 'If-Match': '*' } },
          body: { title: 'a' },
        }),
    ],
    [
      'a create without a name',
      () => client.api.POST('/api/{user_id}/tasks', { params: { path }, body: { title: 'a' } }),
    ],
  ])('%s is sent once', async (_what, send) => {
    const { id } = await client.create({ title: 'Buy milk' });
    sent.length = 0;
    losses.push('after');
    await expect(send(id)).rejects.toThrow('terminated');
    expect(sent).toHaveLength(1);
  });

  it('is no create with an Idempotency-Key', async () => {
    losses.push('after');
    const params = { path, header: { 'Idempotency-Key': 'bread-1' } };
    const { response } = await client.api.POST('/api/{user_id}/tasks', { params, body: { title: 'Buy bread' } });
    expect(response.headers.get('idempotency-replayed')).toBe('true');
  });
});

describe('waiting', () => {
  const busy = (retryAfter: string) => async () =>
    new Response('', { status: 503, headers: { 'retry-after': retryAfter } });

  it('is as long as Retry-After says, in seconds or as a date, unless that is too long', async () => {
    await expect(aClient('http://busy', { attempts: 2, fetch: busy('7') }).list()).rejects.toMatchObject({
      status: 503,
    });
    expect(pauses).toEqual([7_000]);
    const date = new Date(Date.now() + 5_000).toUTCString();
    await expect(aClient('http://busy', { attempts: 2, fetch: busy(date) }).list()).rejects.toThrow();
    expect(pauses[1]).toBeGreaterThan(3_000);
    await expect(aClient('http://busy', { fetch: busy('3600') }).list()).rejects.toThrow();
    expect(pauses).toHaveLength(2);
  });

  it('ends when the caller gives up', async () => {
    const given = new AbortController();
    const waiting = aClient('http://busy', { fetch: busy('5'), pauseFor: undefined });
    setTimeout(() => given.abort(), 20);
    const params = { path: { user_id: OWNER } };
    await expect(waiting.api.GET('/api/{user_id}/tasks', { params, signal: given.signal })).rejects.toThrow(/abort/i);
  });

  it('for an answer ends, too', async () => {
    const silent: typeof fetch = (_input, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
        // What only waits is easily taken for garbage.
        setImmediate(collectGarbage);
      });
    const waiting = aClient('http://silent', { fetch: silent, timeoutMs: 20, attempts: 2 });
    await expect(waiting.list()).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(pauses).toHaveLength(1);
  });
});

describe('following the changes', () => {
  const copy = new Map<string, Task>();
  beforeEach(() => copy.clear());

  function apply({ reset, tasks, deleted }: ChangesPage): void {
    if (reset) copy.clear();
    for (const task of tasks) copy.set(task.id, task);
    for (const { id } of deleted) copy.delete(id);
  }
  const held = () => [...copy.values()].map(({ title }) => title).sort();

  it('keeps a copy, goes on where it stopped, and tells deletions', async () => {
    const created = [];
    for (let n = 0; n < 5; n++) created.push(await client.create({ title: `task ${n}` }));
    const pages: ChangesPage[] = [];
    for await (const page of client.changes({ limit: 2 })) {
      apply(page);
      pages.push(page);
    }
    expect(pages.map(({ reset, hasMore }) => [reset, hasMore])).toEqual([
      [true, true],
      [false, true],
      [false, false],
    ]);
    expect(held()).toEqual(['task 0', 'task 1', 'task 2', 'task 3', 'task 4']);

    await client.delete(created[0] as Task);
    await client.edit(created[1] as Task, { title: 'changed' });
    for await (const page of client.changes({ from: pages.at(-1)?.position })) apply(page);
    expect(held()).toEqual(['changed', 'task 2', 'task 3', 'task 4']);
  });

  it('goes on with a first walk that was interrupted, also when deletions were purged before', async () => {
    for (let n = 0; n < 1_002; n++) await stored.add(aBirth({ title: `task ${n}` }));
    await client.delete(await client.create({ title: 'deleted' }));
    await stored.purge(OWNER as UserId, new Date(Date.now() + 1_000), 10);
    await client.create({ title: 'later' });

    let page: ChangesPage | undefined;
    for await (page of client.changes({ limit: 1 })) break;
    apply(page as ChangesPage);
    for await (const next of client.changes({ from: JSON.parse(JSON.stringify(page?.position)), limit: 1_000 }))
      apply(next);
    expect(copy.size).toBe(1_003);
  });

  it('begins anew, with an empty copy, when the history is not all there', async () => {
    const milk = await client.create({ title: 'Buy milk' });
    const bread = await client.create({ title: 'Buy bread' });
    for await (const page of client.changes({ from: { since: bread.revision } })) apply(page);
    copy.set(milk.id, milk);
    await client.delete(milk);
    await stored.purge(OWNER as UserId, new Date(Date.now() + 1_000), 10);

    const resets = [];
    for await (const page of client.changes({ from: { since: bread.revision } })) {
      resets.push(page.reset);
      apply(page);
    }
    expect(resets).toEqual([true]);
    expect(held()).toEqual(['Buy bread']);
  });

  it('polls, and hears nothing where nothing changed, until it is told to stop', async () => {
    const stop = new AbortController();
    const milk = await client.create({ title: 'Buy milk' });
    const heard: number[] = [];
    const following = (async () => {
      for await (const page of client.changes({ pollMs: 5, signal: stop.signal })) {
        heard.push(page.tasks.length + page.deleted.length);
        if (heard.length === 1) setTimeout(() => void client.edit(milk, { title: 'Buy oat milk' }), 50);
        if (heard.length === 2) stop.abort();
      }
    })();
    await expect(following).rejects.toThrow(/abort/i);
    expect(heard).toEqual([1, 1]);
    expect(sent.length).toBeGreaterThan(4);
  });
});
