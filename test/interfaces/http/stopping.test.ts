import { expect, it } from 'vitest';
import { alwaysReady } from '../../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../../src/infrastructure/memory/in-memory-task-repository.ts';
import { expectProblem } from '../../contract/task-api.contract.ts';
import { Api } from '../../support/api.ts';
import { RawConnection } from '../../support/raw-connection.ts';
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

it('a server that closes answers the request that was on its way', async () => {
  const http = serverOn(new InMemoryTaskRepository(), alwaysReady);
  const closing = new Promise<void>((resolve) => http.addHook('preClose', async () => resolve()));
  const port = Number(new URL(await http.listen({ host: '127.0.0.1', port: 0 })).port);
  const connection = new RawConnection(port).send('GET /livez HTTP/1.1\r\nHost: a\r\n');
  // Once a later request has been answered, the server has read what was sent before.
  const later = new RawConnection(port);
  expect(await later.isGood()).toBe(true);
  later.close();

  const closed = http.close();
  await closing;
  const answer = await connection.send('\r\n').answer();
  expect([answer?.status, answer?.headers['connection']]).toEqual([200, 'close']);
  connection.close();
  await closed;
});
