import { METHODS } from 'node:http';
import { describe, expect, it } from 'vitest';
import { alwaysReady } from '../../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../../src/infrastructure/memory/in-memory-task-repository.ts';
import { Prometheus } from '../../../src/infrastructure/metrics/prometheus.ts';
import { RequestMetrics } from '../../../src/infrastructure/metrics/request-metrics.ts';
import { Api } from '../../support/api.ts';
import { listening } from '../../support/listening.ts';
import { RawConnection } from '../../support/raw-connection.ts';
import { countsOf, namesIn } from '../../support/scrape.ts';
import { serverOn } from '../../support/server.ts';

const DURATIONS = 'task_service_http_request_duration_seconds_count';

const counted = () =>
  serverOn(new InMemoryTaskRepository(), alwaysReady, { metrics: new RequestMetrics(new Prometheus()) });

describe('GET /metrics', () => {
  it('has the headers of every answer, and the media type of Prometheus', async () => {
    const { status, headers } = await new Api(counted()).get('/metrics');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      'cache-control': 'private, no-cache',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.any(String),
    });
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('is not there for %s', async (method) => {
    const { status, headers } = await new Api(counted()).send(method, '/metrics');
    expect([status, headers['allow']]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });

  it('answers HEAD and OPTIONS', async () => {
    const api = new Api(counted());
    expect(await api.send('HEAD', '/metrics')).toMatchObject({ status: 200, text: '' });
    expect(await api.send('OPTIONS', '/metrics')).toMatchObject({ status: 204, text: '' });
  });

  it('is no route where nothing is counted', async () => {
    const { status, json } = await new Api(serverOn(new InMemoryTaskRepository(), alwaysReady)).get('/metrics');
    expect([status, json.code]).toEqual([404, 'route-not-found']);
  });

  it('tells of the process and of the event loop', async () => {
    const names = namesIn((await new Api(counted()).get('/metrics')).text);
    for (const name of [
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'nodejs_eventloop_lag_p99_seconds',
    ])
      expect(names).toContain(name);
  });
});

describe('what is counted of requests', () => {
  it('is each request, by route, method and status', async () => {
    const api = new Api(counted());
    const { json } = await api.post('/api/alice/tasks', { title: 'One' });
    await api.post('/api/bob/tasks', { title: 'Two' });
    await api.post('/api/bob/tasks', { title: '' });
    await api.get(`/api/alice/tasks/${json.id}`);
    await api.get(`/api/alice/tasks/${json.id}`);
    await api.get(`/api/carol/tasks/${json.id}`);
    await api.get('/livez');

    expect(countsOf((await api.get('/metrics')).text, DURATIONS)).toEqual({
      '{route="/api/:user_id/tasks",method="POST",status="201"}': 2,
      '{route="/api/:user_id/tasks",method="POST",status="400"}': 1,
      '{route="/api/:user_id/tasks/:id",method="GET",status="200"}': 2,
      '{route="/api/:user_id/tasks/:id",method="GET",status="404"}': 1,
      '{route="/livez",method="GET",status="200"}': 1,
    });
  });

  it('makes no more series, whatever paths and methods are sent', async () => {
    const api = new Api(counted());
    const paths = Array.from({ length: 100 }, (_, n) => [
      `/api/owner-${n}/tasks`,
      `/api/owner-${n}/tasks/${'0'.repeat(n)}`,
      `/api/owner-${n}/tasks/changes?since=${n}`,
      `/nothing/${n}`,
      `/docs/${n}`,
      `/%zz${n}`,
      `/metrics/"${n}`,
    ]).flat();
    for (const path of paths) await api.get(path);
    const others = METHODS.filter((method) => method !== 'CONNECT');
    for (const method of others) for (const path of ['/api/eve/tasks', '/livez', '/none']) await api.send(method, path);

    const { text } = await api.get('/metrics');
    const series = Object.keys(countsOf(text, DURATIONS));
    expect(series.length).toBeLessThan(40);
    expect(series.join()).not.toMatch(/owner-|eve|nothing|zz|PROPFIND/);
    const total = Object.values(countsOf(text, DURATIONS)).reduce((sum, count) => sum + count, 0);
    expect(total).toBe(paths.length + 3 * others.length);
  });
});

describe('what is counted of what is no request', () => {
  const port = listening(counted);

  it('is the status of its answer', async () => {
    for (const bytes of ['NONSENSE\r\n\r\n', 'GET /livez HTTP/1.1\r\nHost: a\r\nExpect: wonders\r\n\r\n']) {
      await new RawConnection(port()).send(bytes).answer();
    }
    const text = await (await fetch(`http://127.0.0.1:${port()}/metrics`)).text();
    expect(countsOf(text, 'task_service_http_refused_total')).toEqual({ '{status="400"}': 1, '{status="417"}': 1 });
  });
});
