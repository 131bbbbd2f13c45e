import { expect, it } from 'vitest';
import { StorageUnavailable } from '../../../src/application/ports.ts';
import type { Revision, TaskId, UserId } from '../../../src/domain/ids.ts';
import type { Task } from '../../../src/domain/task.ts';
import { alwaysReady } from '../../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../../src/infrastructure/memory/in-memory-task-repository.ts';
import { serverOn } from '../../support/server.ts';
import { Changes } from './changes.ts';

type Replaced = ReturnType<InMemoryTaskRepository['replace']>;
type Replace = (store: (expected?: Revision) => Replaced, task: Task) => Replaced;

const unavailable = new StorageUnavailable('', { retryAfter: 1, mayHaveTakenEffect: true });

/** Twenty changes by one client, of which each tenth is made in a way of its own. @returns what the client found */
async function changesWhere(replaceSometimes: Replace) {
  let calls = 0;
  let isEnough = () => {};
  const enough = new Promise<void>((resolve) => {
    isEnough = resolve;
  });
  class Storage extends InMemoryTaskRepository {
    override async replace(task: Task, expected: Revision): Replaced {
      calls += 1;
      if (calls === 20) isEnough();
      const store = (on = expected) => super.replace(task, on);
      return calls % 10 === 0 ? replaceSometimes(store, task) : store();
    }
  }
  const tasks = new Storage();
  const http = serverOn(tasks, alwaysReady);
  const url = await http.listen({ host: '127.0.0.1', port: 0 });
  const changes = new Changes(() => url, 1);
  await enough;
  await changes.stop();
  const figures = await changes.check(async (_sql, [owner, id]) => {
    const task = await tasks.find(owner as UserId, id as TaskId);
    return task === undefined ? [] : [task];
  });
  await http.close();
  return figures;
}

it.each<[string, Replace]>([
  ['is made and acknowledged', (store) => store()],
  ['is refused and made', (store) => store().then(() => Promise.reject(unavailable))],
  ['is refused and not made', () => Promise.reject(unavailable)],
])('has nothing to say when a change %s', async (_what, replace) => {
  const { wrong, acknowledged } = await changesWhere(replace);
  expect(wrong).toEqual([]);
  expect(acknowledged).toBeGreaterThanOrEqual(18);
});

it.each<[string, Replace]>([
  ['acknowledged and not made', async (_, task) => ({ ok: true, value: task })],
  [
    'made once more',
    async (store) => {
      const made = await store();
      return made.ok ? store(made.value.revision) : made;
    },
  ],
  ['answered 500', () => Promise.reject(new Error('it failed'))],
])('notices a change that is %s', async (_what, replace) => {
  expect((await changesWhere(replace)).wrong).not.toEqual([]);
});
