import { describe, expect, it, vi } from 'vitest';
import { alwaysReady } from '../../../../src/infrastructure/memory/always-ready.ts';
import { Prometheus } from '../../../../src/infrastructure/metrics/prometheus.ts';
import { RequestMetrics } from '../../../../src/infrastructure/metrics/request-metrics.ts';
import { DEFAULT_LIMITS, type Limits } from '../../../../src/interfaces/http/protocol/limits.ts';
import { expectProblem } from '../../../contract/task-api.contract.ts';
import { type Answer, Api } from '../../../support/api.ts';
import { GatedTasks } from '../../../support/gated-tasks.ts';
import { listening } from '../../../support/listening.ts';
import { logLines } from '../../../support/log-lines.ts';
import { RawConnection } from '../../../support/raw-connection.ts';
import { countsOf } from '../../../support/scrape.ts';
import { serverOn } from '../../../support/server.ts';
import { freshId } from '../../../support/tasks.ts';

function service(limits: Partial<Limits> = {}) {
  const tasks = new GatedTasks();
  const { log, lines } = logLines();
  const metrics = new RequestMetrics(new Prometheus());
  const http = serverOn(tasks, alwaysReady, { limits: { ...DEFAULT_LIMITS, ...limits }, log, metrics });
  const api = new Api(http);
  const read = (user: string) => api.get(`/api/${user}/tasks?limit=1`);
  const readTimes = (count: number, user: string) => Array.from({ length: count }, () => read(user));
  const started = (count: number) => vi.waitFor(() => expect(tasks.started).toHaveLength(count), { timeout: 10_000 });
  const scrape = async (name: string) => countsOf((await api.get('/metrics')).text, `task_service_http_${name}`);
  return { tasks, http, api, read, readTimes, started, scrape, lines };
}

const statusesOf = async (answers: readonly Promise<Answer>[]) =>
  (await Promise.all(answers)).map(({ status }) => status).sort();

const times = (count: number, status: number) => Array(count).fill(status);

function expectTooMany(answer: Answer): void {
  expectProblem(answer, 429, 'too-many-requests');
  expect(answer.headers['retry-after']).toMatch(/^[12]$/);
}

describe('one user', () => {
  it('has at most 256 requests waiting, and other users are not affected', async () => {
    const { tasks, read, readTimes, started, scrape, lines } = service();
    const answers = readTimes(300, 'alice');
    await started(256);
    const other = read('bob');
    await started(257);
    expect(await scrape('requests_waiting')).toEqual({ '': 257 });
    tasks.open();

    expect(await statusesOf(answers)).toEqual([...times(256, 200), ...times(44, 429)]);
    expect((await other).status).toBe(200);
    expectTooMany((await Promise.all(answers)).at(-1) as Answer);
    expect(await scrape('shed_total')).toEqual({ '{reason="user-limit"}': 44 });
    expect(await scrape('requests_waiting')).toEqual({});
    const warnings = () => lines().filter(({ level }) => level > 30);
    await vi.waitFor(() => expect(warnings()).toHaveLength(1), { timeout: 5_000 });
    expect(warnings()).toMatchObject([{ level: 40, msg: 'requests shed', 'user-limit': 44 }]);
  });

  it('gets 400 for an invalid request, which is not counted', async () => {
    const { tasks, api, read, started } = service({ waitingPerUser: 1 });
    const waiting = read('alice');
    await started(1);
    const task = `/api/alice/tasks/${freshId()}`;
    expectProblem(await api.get('/api/alice/tasks?limit=0'), 400, 'invalid-request');
    expectProblem(await api.post('/api/alice/tasks', { title: '' }), 400, 'invalid-request');
    expectProblem(await api.patch(task, { title: 'a' }, { 'if-match': 'x' }), 400, 'invalid-request');
    expectProblem(await api.get('/api/al%20ice/tasks'), 400, 'invalid-request');
    expectTooMany(await read('alice'));
    tasks.open();
    expect((await waiting).status).toBe(200);
    expect((await read('alice')).status).toBe(200);
  });

  it('is limited on every route', async () => {
    const { tasks, api, read, started } = service({ waitingPerUser: 1 });
    const waiting = read('alice');
    await started(1);
    const list = '/api/alice/tasks';
    const task = `${list}/${freshId()}`;
    const content = { title: 'a', description: null, completed: false };
    for (const answer of [
      await api.get(list),
      await api.post(list, content),
      await api.get(`${list}/changes`),
      await api.get(task),
      await api.put(task, content),
      await api.patch(task, { title: 'a' }),
      await api.delete(task),
      await api.patch(`${task}/complete`),
      await api.post(`${task}/restore`),
    ]) {
      expectTooMany(answer);
    }
    expect((await api.send('HEAD', list)).status).toBe(429);
    expect((await api.get('/livez')).status).toBe(200);
    tasks.open();
    expect((await waiting).status).toBe(200);
  });
});

describe('a full service', () => {
  it('rejects the newest request of the user with the most, if nothing was sent for it', async () => {
    const { tasks, read, readTimes, started, scrape } = service({ waiting: 6 });
    tasks.sentBy.add('carol');
    const large = readTimes(3, 'alice');
    await started(3);
    const others = [...readTimes(2, 'bob'), read('carol')];
    await started(6);
    const newcomer = read('dave');
    expectTooMany(await (large[2] as Promise<Answer>));
    await started(7);
    tasks.open();

    expect(await statusesOf([...large.slice(0, 2), ...others, newcomer])).toEqual(times(6, 200));
    // The use case of the rejected request did not continue.
    expect(tasks.finished).toBe(6);
    expect(await scrape('shed_total')).toEqual({ '{reason="service-limit"}': 1 });
    expect(await scrape('requests_waiting')).toEqual({});
  });

  it('keeps requests that have sent a statement and rejects the newcomer with 503', async () => {
    const { tasks, read, readTimes, started } = service({ waiting: 3 });
    tasks.sentBy.add('alice');
    const sent = readTimes(3, 'alice');
    await started(3);
    const answer = await read('bob');
    expectProblem(answer, 503, 'unavailable');
    expect(answer.headers['retry-after']).toBe('1');
    tasks.open();
    expect(await statusesOf(sent)).toEqual(times(3, 200));
  });

  it('rejects the newcomer with 429 if its own user has the most', async () => {
    const { tasks, read, readTimes, started, scrape } = service({ waiting: 4 });
    const waiting = [...readTimes(3, 'alice'), read('bob')];
    await started(4);
    expectTooMany(await read('alice'));
    tasks.open();
    expect(await statusesOf(waiting)).toEqual(times(4, 200));
    expect(await scrape('shed_total')).toEqual({ '{reason="service-limit"}': 1 });
  });

  it('rejects the newcomer with 503 if no user exceeds a fair share', async () => {
    const { tasks, read, started, scrape, lines } = service({ waiting: 2 });
    const waiting = [read('alice'), read('bob')];
    await started(2);
    expectProblem(await read('carol'), 503, 'unavailable');
    tasks.open();
    expect(await statusesOf(waiting)).toEqual(times(2, 200));
    expect(await scrape('shed_total')).toEqual({ '{reason="service-limit"}': 1 });
    expect(lines().filter(({ level }) => level > 40)).toEqual([]);
  });
});

describe('at the deadline', () => {
  it('a request gets 429 if nothing was sent for it and its user exceeds a fair share', async () => {
    const { tasks, read, readTimes, scrape } = service({ deadlineMs: 300 });
    const [large, small] = [readTimes(3, 'alice'), read('bob')];
    expectTooMany(await (large[0] as Promise<Answer>));
    // The last request of alice is no more than a fair share.
    expect(await statusesOf(large)).toEqual([429, 429, 503]);
    expect((await small).status).toBe(503);
    expect(await scrape('shed_total')).toEqual({ '{reason="deadline"}': 2 });
    expect(await scrape('requests_waiting')).toEqual({});
    tasks.open();
    expect(tasks.finished).toBe(0);
  });

  it('a request gets 503 if a statement was sent for it', async () => {
    const { tasks, read, readTimes } = service({ deadlineMs: 300 });
    tasks.sentBy.add('alice');
    const answers = [...readTimes(3, 'alice'), read('bob')];
    expect(await statusesOf(answers)).toEqual(times(4, 503));
    for (const answer of answers) expect((await answer).json.detail).not.toContain('write');
  });

  it('the use case stops, and its error is not logged', async () => {
    const { tasks, api, read, lines } = service({ deadlineMs: 100 });
    expect((await read('alice')).status).toBe(503);
    tasks.open();
    await api.get('/livez');
    expect(tasks.finished).toBe(0);
    expect(lines().map(({ msg }) => msg)).toEqual(['request failed', 'request', 'request']);
  });
});

describe('a client that disconnects', () => {
  const { tasks, http, scrape, started, lines } = service();
  const port = listening(() => http);

  it('ends its requests, those of a pipeline that have not started included', async () => {
    const connection = new RawConnection(port());
    connection.send('GET /api/alice/tasks HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(10));
    await started(4);
    await vi.waitFor(async () => expect(await scrape('requests_waiting')).toEqual({ '': 10 }));
    connection.close();
    await vi.waitFor(async () => expect(await scrape('requests_waiting')).toEqual({}));
    tasks.open();
    const ended = () => lines().filter(({ left }) => left);
    await vi.waitFor(() => expect(ended().map(({ status }) => status)).toEqual(times(10, 499)));
    expect([tasks.started.length, tasks.finished]).toEqual([4, 0]);
    expect(lines().filter(({ level }) => level > 30)).toEqual([]);
    expect(
      (await new RawConnection(port()).send('GET /api/alice/tasks HTTP/1.1\r\nHost: a\r\n\r\n').answer())?.status,
    ).toBe(200);
  });
});
