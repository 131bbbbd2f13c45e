import { describe, expect, it } from 'vitest';
import { alwaysReady } from '../../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../../src/infrastructure/memory/in-memory-task-repository.ts';
import { expectProblem } from '../../contract/task-api.contract.ts';
import { type Answer, Api } from '../../support/api.ts';
import { serverOn } from '../../support/server.ts';
import { freshId } from '../../support/tasks.ts';

const http = serverOn(new InMemoryTaskRepository(), alwaysReady, { requireIfMatch: true });
const list = '/api/alice/tasks';

describe('with REQUIRE_IF_MATCH', () => {
  it.each<[string, (api: Api, url: string) => Promise<Answer>]>([
    ['PUT', (api, url) => api.put(url, { title: 'changed', description: null, completed: true })],
    ['PATCH', (api, url) => api.patch(url, { title: 'changed' })],
    ['DELETE', (api, url) => api.delete(url)],
    ['complete', (api, url) => api.patch(`${url}/complete`)],
    ['restore', (api, url) => api.post(`${url}/restore`)],
  ])('%s needs If-Match, also for a task that is not there', async (_name, write) => {
    const { json: task, headers } = await new Api(http).post(list, { title: 'Buy milk' });
    const url = `${list}/${task.id}`;
    expectProblem(await write(new Api(http), url), 428, 'if-match-required');
    expectProblem(await write(new Api(http), `${list}/${freshId()}`), 428, 'if-match-required');
    expect((await new Api(http).get(url)).json).toEqual(task);
    expect((await write(new Api(http, { 'if-match': headers['etag'] as string }), url)).status).toBeLessThan(300);
  });

  it('reading and creating do not', async () => {
    expect((await new Api(http).post(list, { title: 'a' })).status).toBe(201);
    expect((await new Api(http).get(list)).status).toBe(200);
  });
});
