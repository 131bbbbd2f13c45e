import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ListQuery } from '../../../../src/application/ports.ts';
import type { UserId } from '../../../../src/domain/ids.ts';
import { alwaysReady } from '../../../../src/infrastructure/memory/always-ready.ts';
import { Prometheus } from '../../../../src/infrastructure/metrics/prometheus.ts';
import { RequestMetrics } from '../../../../src/infrastructure/metrics/request-metrics.ts';
import { DEFAULT_LIMITS } from '../../../../src/interfaces/http/protocol/limits.ts';
import { expectProblem } from '../../../contract/task-api.contract.ts';
import { Api } from '../../../support/api.ts';
import { BigPages, PAGE_BYTES } from '../../../support/big-pages.ts';
import { GatedTasks } from '../../../support/gated-tasks.ts';
import { listening } from '../../../support/listening.ts';
import { RawConnection } from '../../../support/raw-connection.ts';
import { countsOf } from '../../../support/scrape.ts';
import { serverOn } from '../../../support/server.ts';

const MIB = 1_024 * 1_024;

function service(tasks: GatedTasks, responseBytes: number) {
  const metrics = new RequestMetrics(new Prometheus());
  const http = serverOn(tasks, alwaysReady, { limits: { ...DEFAULT_LIMITS, responseBytes }, metrics });
  const api = new Api(http);
  const scrape = async (name: string) => countsOf((await api.get('/metrics')).text, `task_service_http_${name}`);
  return { tasks, http, api, scrape };
}

describe('pages whose size is not known yet', () => {
  it('reserve 1 KiB for each item, at most 1 MiB, until the response is sent', async () => {
    const { tasks, api, scrape } = service(new GatedTasks(), 2 * MIB);
    const pages = [10, 1_000].map((limit) => api.get(`/api/alice/tasks?limit=${limit}`));
    pages.push(api.get('/api/alice/tasks'));
    await vi.waitFor(() => expect(tasks.started).toHaveLength(3));
    expect(await scrape('response_unsent_bytes')).toEqual({ '': 10 * 1_024 + 1_000 * 1_024 + 100 * 1_024 });
    tasks.open();
    for (const page of pages) expect((await page).status).toBe(200);
    expect(await scrape('response_unsent_bytes')).toEqual({});
  });

  it('are 429 beyond the bound, for the user who holds the most', async () => {
    const { tasks, api, scrape } = service(new GatedTasks(), MIB);
    const list = (user: string, limit: number) => api.get(`/api/${user}/tasks?limit=${limit}`);
    const pages = [list('alice', 1_000)];
    await vi.waitFor(() => expect(tasks.started).toHaveLength(1));
    for (const path of ['tasks?limit=100', 'tasks/changes?limit=100']) {
      const answer = await api.get(`/api/alice/${path}`);
      expectProblem(answer, 429, 'too-many-requests');
      expect(answer.headers['retry-after']).toMatch(/^[12]$/);
      expect(answer.json.detail).toContain('unread');
    }
    // A single task is small, and other users hold less.
    pages.push(api.get('/api/alice/tasks/01a1f964-da27-7000-9321-a34db3c73df6'), list('bob', 500), list('bob', 500));
    await vi.waitFor(() => expect(tasks.started).toHaveLength(4));
    tasks.open();
    expect((await Promise.all(pages)).map(({ status }) => status)).toEqual([200, 404, 200, 200]);
    expect((await list('alice', 1_000)).status).toBe(200);
    expect(await scrape('shed_total')).toEqual({ '{reason="response-bytes"}': 2 });
  });
});

describe('a page that is ready after its client left', () => {
  let finish = () => {};
  class LatePage extends BigPages {
    override async list(userId: UserId, query: ListQuery) {
      await new Promise<void>((resolve) => {
        finish = resolve;
        this.started.push({ userId, proceed: resolve });
      });
      return super.list(userId, query);
    }
  }
  const { tasks, http, scrape } = service(new LatePage(), PAGE_BYTES);
  const port = listening(() => http);

  it('does not count', async () => {
    const connection = new RawConnection(port()).send('GET /api/alice/tasks HTTP/1.1\r\nHost: a\r\n\r\n');
    await vi.waitFor(() => expect(tasks.started).toHaveLength(1));
    connection.close();
    await vi.waitFor(async () => expect(await scrape('requests_waiting')).toEqual({}));
    finish();
    await new Promise((resolve) => setImmediate(resolve));
    expect(await scrape('response_unsent_bytes')).toEqual({});
  });
});

describe('pages that a client does not read', () => {
  const { http, api, scrape } = service(new BigPages(), PAGE_BYTES);
  const port = listening(() => http);
  const connections: RawConnection[] = [];
  afterEach(() => {
    for (const connection of connections.splice(0)) connection.close();
  });
  const ask = (user: string) => {
    const connection = new RawConnection(port()).send(`GET /api/${user}/tasks HTTP/1.1\r\nHost: a\r\n\r\n`);
    connections.push(connection);
    return connection;
  };
  const unsentBytes = async () => (await scrape('response_unsent_bytes'))[''] ?? 0;

  it('count with their real size until they are sent or the client leaves', async () => {
    const unread = ask('alice').pause();
    await vi.waitFor(async () => expect(await unsentBytes()).toBeGreaterThan(PAGE_BYTES));
    expect((await ask('alice').answer())?.status).toBe(429);
    expect((await ask('bob').answer())?.status).toBe(200);

    unread.resume();
    expect((await unread.answer())?.status).toBe(200);
    await vi.waitFor(async () => expect(await unsentBytes()).toBe(0));
    ask('alice').pause();
    await vi.waitFor(async () => expect(await unsentBytes()).toBeGreaterThan(PAGE_BYTES));
    for (const connection of connections) connection.close();
    await vi.waitFor(async () => expect(await unsentBytes()).toBe(0));
    expect((await api.get('/api/alice/tasks')).status).toBe(200);
  });

  it('count also behind an earlier response of their connection', async () => {
    const pipeline = `GET /api/alice/tasks/01a1f964-da27-7000-9321-a34db3c73df6 HTTP/1.1\r\nHost: a\r\n\r\n`;
    const connection = new RawConnection(port()).send(pipeline, 'GET /api/alice/tasks HTTP/1.1\r\nHost: a\r\n\r\n');
    await vi.waitFor(async () => expect(await unsentBytes()).toBeGreaterThan(PAGE_BYTES));
    connection.close();
    await vi.waitFor(async () => expect(await unsentBytes()).toBe(0));
  });
});
