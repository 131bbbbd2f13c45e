import { expect, it } from 'vitest';
import { alwaysReady } from '../../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../../src/infrastructure/memory/in-memory-task-repository.ts';
import { describeTaskApi } from '../../contract/task-api.contract.ts';
import { DocumentCheck } from '../../support/document-check.ts';
import { serverOn } from '../../support/server.ts';

const check = new DocumentCheck();

describeTaskApi('tasks in memory', async () => {
  const http = serverOn(new InMemoryTaskRepository(), alwaysReady);
  check.watch(http);
  return http;
});

it('whatever the API answered is as the OpenAPI document says', () => {
  expect(check.answers).toBeGreaterThan(500);
  expect(check.deviations).toEqual([]);
});
