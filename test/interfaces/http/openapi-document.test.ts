import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HTTPMethods } from 'fastify';
import { describe, expect, it } from 'vitest';
import { alwaysReady } from '../../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../../src/infrastructure/memory/in-memory-task-repository.ts';
import { Prometheus } from '../../../src/infrastructure/metrics/prometheus.ts';
import { RequestMetrics } from '../../../src/infrastructure/metrics/request-metrics.ts';
import { openApiDocument } from '../../../src/interfaces/http/openapi/document.ts';
import { Api } from '../../support/api.ts';
import { serverOn } from '../../support/server.ts';

const project = join(import.meta.dirname, '../../..');
const document = openApiDocument();
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
);

describe('the OpenAPI document', () => {
  it('is the one that is committed; `npm run openapi` writes it', async () => {
    const text = `${JSON.stringify(document, null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(join(project, 'openapi.json'));
  });

  it('is served as it is', async () => {
    const { status, headers, json } = await new Api(aServer()).get('/openapi.json');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'private, no-cache',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.any(String),
    });
    expect(json).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('is not there for %s', async (method) => {
    const { status, headers } = await new Api(aServer()).send(method, '/openapi.json');
    expect([status, headers['allow']]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });

  it('has every route for programs, and no other', async () => {
    const routes: string[] = [];
    const http = aServer();
    http.addHook('onRoute', ({ method, path }) => {
      const isAnswerToOtherMethods = [method].flat().includes('OPTIONS');
      const isForPeople = path.startsWith('/docs');
      if (isAnswerToOtherMethods || isForPeople || method === 'HEAD') return;
      routes.push(...[method].flat().map((one: HTTPMethods) => `${one} ${path.replaceAll(/:(\w+)/g, '{$1}')}`));
    });
    await http.ready();
    expect(operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`).sort()).toEqual(routes.sort());
  });

  it('has the version of the package', () => {
    expect(document.info.version).toBe(JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')).version);
  });

  it('tells values of the query as numbers and booleans exactly where their text is accepted', async () => {
    const api = new Api(aServer());
    for (const [query, status] of [
      ['limit=1', 200],
      ['limit=1000', 200],
      ['limit=0', 400],
      ['limit=1001', 400],
      ['completed=true', 200],
      ['deleted=false', 200],
      ['count=true', 200],
    ] as const) {
      expect([query, (await api.get(`/api/alice/tasks?${query}`)).status]).toEqual([query, status]);
    }
    expect((await api.get('/api/alice/tasks/changes?since=0&limit=1000')).status).toBe(200);
    expect((await api.get('/api/alice/tasks/changes?since=-1')).status).toBe(400);
  });
});

const aServer = () => {
  const metrics = new RequestMetrics(new Prometheus());
  return serverOn(new InMemoryTaskRepository(), alwaysReady, { metrics });
};
