import { expect, it } from 'vitest';
import { alwaysReady } from '../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../src/infrastructure/memory/in-memory-task-repository.ts';
import { serverOn } from '../support/server.ts';
import { routesOf } from './fuzz/routes.ts';
import { OF_A_LIST, OF_A_TASK } from './ownership/probes.ts';
import { describeOwnership } from './ownership.contract.ts';

describeOwnership('tasks in memory', (log) => serverOn(new InMemoryTaskRepository(), alwaysReady, { log }));

it('no route for tasks is left out', async () => {
  const http = serverOn(new InMemoryTaskRepository(), alwaysReady);
  const routes = routesOf(http);
  await http.ready();
  const registered = routes.map(({ method, path }) => `${method} ${path}`);
  const probed = [...OF_A_LIST, ...OF_A_TASK].map(({ bytes }) => bytes('/api/:user_id/tasks', ':id').toString());
  expect(registered.length).toBeGreaterThan(0);
  expect(registered.filter((route) => !probed.some((request) => request.startsWith(`${route} `)))).toEqual([]);
});
