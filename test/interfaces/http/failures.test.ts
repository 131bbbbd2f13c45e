import { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  CallAborted,
  type Obstacle,
  StorageUnavailable,
  type TaskRepository,
  UnstorableValue,
} from '../../../src/application/ports.ts';
import { describeError } from '../../../src/infrastructure/logger.ts';
import { alwaysReady } from '../../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../../src/infrastructure/memory/in-memory-task-repository.ts';
import { DEFAULT_LIMITS } from '../../../src/interfaces/http/protocol/limits.ts';
import { expectProblem } from '../../contract/task-api.contract.ts';
import { Api } from '../../support/api.ts';
import { serverOn } from '../../support/server.ts';
import { freshId } from '../../support/tasks.ts';

const secret = 'select * from secrets where password = $1';

/** Every method fails with the error. */
function failing(error: unknown): TaskRepository {
  const fail = () => Promise.reject(error);
  return { find: fail, add: fail, replace: fail, list: fail, revision: fail, changes: fail };
}

function logOf() {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { lines, log: pino({ serializers: { err: describeError } }, stream) as FastifyBaseLogger };
}

const url = `/api/alice/tasks/${freshId()}`;
const probes: [string, (api: Api) => ReturnType<Api['get']>][] = [
  ['GET /', (api) => api.get('/api/alice/tasks')],
  ['POST /', (api) => api.post('/api/alice/tasks', { title: 'my secret plan' })],
  ['GET /{id}', (api) => api.get(url)],
  ['PUT', (api) => api.put(url, { title: 'my secret plan', description: null, completed: true })],
  ['PATCH', (api) => api.patch(url, { title: 'my secret plan' })],
  ['DELETE', (api) => api.delete(url)],
  ['complete', (api) => api.patch(`${url}/complete`)],
];

describe('when the storage cannot be asked', () => {
  const unavailable = new StorageUnavailable(secret, { retryAfter: 7, mayHaveTakenEffect: false });
  const api = new Api(serverOn(failing(unavailable), alwaysReady));

  it.each(probes)('%s answers 503 and when to come back', async (route, probe) => {
    const answer = await probe(api);
    expectProblem(answer, 503, 'unavailable');
    expect(answer.headers['retry-after']).toBe('7');
    expect(answer.json.detail).toBe(
      route.startsWith('GET') ? 'Retry later.' : 'Retry later. The write may have taken effect.',
    );
    expect(answer.text).not.toContain('secrets');
  });

  it('is told that a value cannot be kept, and says so in the log', async () => {
    const { lines, log } = logOf();
    const answer = await new Api(serverOn(failing(new UnstorableValue(secret)), alwaysReady, { log })).delete(url);
    expectProblem(answer, 400, 'invalid-request');
    expect(answer.json.errors).toEqual([{ pointer: '', detail: 'holds what cannot be kept' }]);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 50, err: { type: 'UnstorableValue' } },
      { level: 30, status: 400 },
    ]);
  });

  it('gives up an aborted call with 503, which is no error of the service', async () => {
    const { lines, log } = logOf();
    const aborted = failing(new CallAborted('The request has ended'));
    expectProblem(await new Api(serverOn(aborted, alwaysReady, { log })).get(url), 503, 'unavailable');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 30, status: 503 }]);
  });

  it('is named in the log', async () => {
    const { lines, log } = logOf();
    await new Api(serverOn(failing(unavailable), alwaysReady, { log })).delete(url);
    expect(JSON.parse(lines[0] as string)).toMatchObject({ level: 50, err: { type: 'StorageUnavailable' } });
  });
});

describe('when something is wrong with us', () => {
  it.each(probes)('%s answers 500 and the log holds the cause, under the request id', async (_route, probe) => {
    const { lines, log } = logOf();
    const answer = await probe(new Api(serverOn(failing(new TypeError('cause of it')), alwaysReady, { log })));

    expectProblem(answer, 500, 'internal-error');
    expect(answer.text).not.toContain('cause of it');
    const logged = lines.map((line) => JSON.parse(line));
    expect(logged).toMatchObject([
      { level: 50, reqId: answer.json.request_id, err: { type: 'TypeError', message: 'cause of it' } },
      { level: 30, reqId: answer.json.request_id, status: 500 },
    ]);
  });

  it('says the same whatever it is', async () => {
    const bodies = [
      new Error('one'),
      new RangeError('two'),
      Object.assign(new Error('three'), { statusCode: 418 }),
      null,
    ].map(async (error) => {
      const { json } = await new Api(serverOn(failing(error), alwaysReady)).get(url);
      return { ...json, request_id: '' };
    });
    const [first, ...others] = await Promise.all(bodies);
    for (const body of others) expect(body).toEqual(first);
  });
});

it('a request that takes longer than twelve seconds answers 503', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  let findNothing = () => {};
  const find = vi.fn(() => new Promise<undefined>((resolve) => (findNothing = () => resolve(undefined))));
  const { lines, log } = logOf();
  const answering = new Api(serverOn({ ...failing(undefined), find }, alwaysReady, { log })).get(url);
  let isAnswered = false;
  void answering.then(() => {
    isAnswered = true;
  });
  await vi.waitFor(() => expect(find).toHaveBeenCalled());
  await vi.advanceTimersByTimeAsync(11_900);
  expect(isAnswered).toBe(false);
  await vi.advanceTimersByTimeAsync(200);
  const answer = await answering;
  expectProblem(answer, 503, 'unavailable');
  expect(answer.headers['retry-after']).toBe('1');

  findNothing();
  vi.useRealTimers();
  await new Promise((resolve) => setImmediate(resolve));
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['request failed', 'request']);
  expect(lines.join()).not.toContain('alice');
});

it('a body that breaks off is the fault of its sender', async () => {
  const { lines, log } = logOf();
  const http = serverOn(new InMemoryTaskRepository(), alwaysReady, { log });
  const answer = await http.inject({
    method: 'POST',
    url: '/api/alice/tasks',
    headers: { 'content-type': 'application/json', 'content-length': '20' },
    simulate: { end: false, split: false, error: true, close: false },
  });
  expect(answer.statusCode).toBe(400);
  expect(answer.json().errors).toEqual([{ pointer: '', detail: 'did not arrive whole' }]);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 30, status: 400 }]);
});

describe('when other writers keep winning', () => {
  it('a write is tried until the deadline and then answers 503', async () => {
    class Lost extends InMemoryTaskRepository {
      attempts = 0;

      override async replace() {
        this.attempts++;
        await nextTurn();
        return { ok: false, failure: { kind: 'stale' } } as const;
      }
    }
    const tasks = new Lost();
    const api = new Api(serverOn(tasks, alwaysReady, { limits: { ...DEFAULT_LIMITS, deadlineMs: 100 } }));
    const { json } = await api.post('/api/alice/tasks', { title: 'a' });
    expectProblem(await api.delete(`/api/alice/tasks/${json.id}`), 503, 'unavailable');
    await nextTurn();
    const { attempts } = tasks;
    for (let turn = 0; turn < 5; turn++) await nextTurn();
    expect(tasks.attempts).toBe(attempts);
  });
});

describe('readiness', () => {
  it.each<[Obstacle, string]>([
    ['database-unreachable', 'does not answer'],
    ['database-full', 'no room'],
    ['migrations-pending', 'lacks migrations'],
    ['database-unsuitable', 'not fit'],
  ])('says %s in a word, and in the log', async (obstacle, words) => {
    const { lines, log } = logOf();
    const api = new Api(serverOn(new InMemoryTaskRepository(), { obstacle: async () => obstacle }, { log }));
    const answer = await api.get('/readyz');
    expectProblem(answer, 503, 'unavailable');
    expect(answer.headers['retry-after']).toBe('1');
    expect(JSON.parse(lines[0] as string)).toMatchObject({ level: 40, obstacle, msg: 'not ready' });
    expect(answer.json.detail).toContain(words);
    expect((await api.get('/livez')).status).toBe(200);
  });

  it('is not asked for by who wants to know whether the process lives', async () => {
    let asked = 0;
    const counting = { obstacle: async () => void asked++ };
    const api = new Api(serverOn(new InMemoryTaskRepository(), counting));
    expect((await api.get('/livez')).json).toEqual({ status: 'alive' });
    expect(asked).toBe(0);
    await api.get('/readyz');
    expect(asked).toBe(1);
  });
});

describe('the log', () => {
  it('has one line per request, with no path, query, body or header of it', async () => {
    const { lines, log } = logOf();
    const api = new Api(serverOn(new InMemoryTaskRepository(), alwaysReady, { log }));
    await api.post(
      '/api/canary-owner/tasks',
      { title: 'canary title', description: 'canary text' },
      { authorization: 'canary' },
    );
    await api.get('/api/canary-owner/tasks?q=canary');
    await api.post('/api/canary-owner/tasks', { canary: 'canary' });
    await api.get('/canary');
    await api.get('/api/%zz-canary/tasks');

    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { method: 'POST', route: '/api/:user_id/tasks', status: 201 },
      { method: 'GET', route: '/api/:user_id/tasks', status: 200 },
      { method: 'POST', route: '/api/:user_id/tasks', status: 400 },
      { method: 'GET', status: 404 },
      { method: 'GET', status: 400 },
    ]);
    expect(lines.join()).not.toContain('canary');
  });
});

describe('CORS', () => {
  const origin = 'https://app.example.com';
  const api = new Api(serverOn(new InMemoryTaskRepository(), alwaysReady, { corsOrigins: [origin] }));
  const preflight = (from: string) =>
    api.send('OPTIONS', '/api/alice/tasks', { headers: { origin: from, 'access-control-request-method': 'POST' } });

  it('lets a listed origin in, and read what the contract puts into headers', async () => {
    const { status, headers } = await preflight(origin);
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': 'Content-Type, If-Match, If-None-Match, Idempotency-Key',
      'access-control-max-age': '600',
    });
    const answer = await api.get('/api/alice/tasks', { headers: { origin } });
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'Allow, ETag, Idempotency-Replayed, Link, Location, Retry-After, X-Request-Id',
    });
  });

  it.each([{}, { origin }])('leaves OPTIONS that is no preflight as it is: %o', async (sent) => {
    const { status, headers } = await api.send('OPTIONS', '/livez', { headers: sent });
    expect([status, headers['allow']]).toEqual([204, 'GET, HEAD, OPTIONS']);
  });

  it('lets a page read refusals, and does not make routes where there are none', async () => {
    for (const [method, path, status] of [
      ['GET', '/nope', 404],
      ['OPTIONS', '/nope', 404],
      ['PUT', '/api/alice/tasks', 405],
      ['GET', '/api/alice/tasks?x=1', 400],
    ] as const) {
      const answer = await api.send(method, path, { headers: { origin, 'access-control-request-method': 'PUT' } });
      expect([path, answer.status, answer.headers['access-control-allow-origin']]).toEqual([path, status, origin]);
    }
  });

  it('tells an unlisted origin nothing but the methods', async () => {
    const { status, headers } = await preflight('https://evil.example.com');
    expect([status, headers['allow'], headers['access-control-allow-origin']]).toEqual([
      204,
      'GET, POST, HEAD, OPTIONS',
      undefined,
    ]);
  });
});
