import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, it } from 'vitest';
import type { UserId } from '../../../src/domain/ids.ts';
import { alwaysReady } from '../../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../../src/infrastructure/memory/in-memory-task-repository.ts';
import type { RequestTraces } from '../../../src/interfaces/http/observers.ts';
import { Api } from '../../support/api.ts';
import { serverOn } from '../../support/server.ts';

it('traces are begun with the request, lead to what the storage is asked for, and end with the answer', async () => {
  const work = new AsyncLocalStorage<string>();
  const told: unknown[] = [];
  const traces: RequestTraces = {
    begin: (method, requestId, headers) => {
      told.push(['begin', method, requestId, headers['traceparent']]);
      return {
        id: requestId,
        lead: (next) => work.run(requestId, next),
        end: (route, status) => told.push(['end', requestId, route, status]),
      };
    },
  };
  class Storage extends InMemoryTaskRepository {
    override async revision(owner: UserId) {
      told.push(['asked', work.getStore()]);
      return super.revision(owner);
    }
  }
  const api = new Api(serverOn(new Storage(), alwaysReady, { traces }), { 'if-none-match': '"0"', traceparent: 'p' });

  const { headers } = await api.get('/api/alice/tasks');
  const id = headers['x-request-id'];
  await expect
    .poll(() => told)
    .toEqual([
      ['begin', 'GET', id, 'p'],
      ['asked', id],
      ['end', id, '/api/:user_id/tasks', 304],
    ]);
});
