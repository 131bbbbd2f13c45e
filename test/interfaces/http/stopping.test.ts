import { expect, it } from 'vitest';
import { alwaysReady } from '../../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../../src/infrastructure/memory/in-memory-task-repository.ts';
import { expectProblem } from '../../contract/task-api.contract.ts';
import { Api } from '../../support/api.ts';
import { serverOn } from '../../support/server.ts';

it('a server that is told to stop is not ready, and keeps no connection open', async () => {
  const stopping = new AbortController();
  const api = new Api(serverOn(new InMemoryTaskRepository(), alwaysReady, { stopping: stopping.signal }));
  const before = await api.get('/readyz');
  expect([before.status, before.headers['connection']]).toEqual([200, 'keep-alive']);

  stopping.abort();
  const after = await api.get('/readyz');
  expectProblem(after, 503, 'unavailable');
  expect([after.json.detail, after.headers['connection']]).toEqual(['The service is stopping.', 'close']);
  const list = await api.get('/api/alice/tasks');
  expect([list.status, list.headers['connection']]).toEqual([200, 'close']);
});

it('a server that closes keeps no connection open on which it still owes an answer', async () => {
  const obstacle = async () => {
    void http.close();
    await closing;
    return undefined;
  };
  const http = serverOn(new InMemoryTaskRepository(), { obstacle });
  const closing = new Promise<void>((resolve) => http.addHook('preClose', async () => resolve()));
  const { status, headers } = await new Api(http).get('/readyz');
  expect([status, headers['connection']]).toEqual([200, 'close']);
});
