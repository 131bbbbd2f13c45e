import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OfflineClient } from '../../examples/offline-client/offline-client.ts';
import { FileStore, type State, type Task } from '../../examples/offline-client/store.ts';
import type { UserId } from '../../src/domain/ids.ts';
import { alwaysReady } from '../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../src/infrastructure/memory/in-memory-task-repository.ts';
import { Api } from '../support/api.ts';
import { serverOn } from '../support/server.ts';

const OWNER = 'alice' as UserId;
const PATH = `/api/${OWNER}/tasks`;

let tasks: InMemoryTaskRepository;
let http: FastifyInstance;
let elsewhere: Api;
let folder: string;
let baseUrl: string;

beforeEach(async () => {
  tasks = new InMemoryTaskRepository();
  http = serverOn(tasks, alwaysReady);
  elsewhere = new Api(http);
  baseUrl = await http.listen({ host: '127.0.0.1', port: 0 });
  folder = await mkdtemp(join(tmpdir(), 'offline-client-'));
});
afterEach(async () => {
  await http.close();
  await rm(folder, { recursive: true });
});

const aClient = (file = 'copy.json') =>
  new OfflineClient({ baseUrl, owner: OWNER, attempts: 1, store: new FileStore(join(folder, file)) });
const titles = (of: readonly { title: string }[]) => of.map(({ title }) => title).sort();
const onServer = async (): Promise<Task[]> => (await elsewhere.get(PATH)).json.tasks;

describe('the offline client', () => {
  it('creates, edits and removes while the service is not there, and sends it all later', async () => {
    await http.close();
    const client = aClient();
    const milk = await client.create('Buy milk');
    const bread = await client.create('Buy bread');
    await client.edit(milk, { completed: true });
    await client.remove(bread);
    expect(await client.tasks()).toMatchObject([{ id: milk, title: 'Buy milk', completed: true }]);
    await expect(client.sync()).rejects.toThrow();
    expect(await client.tasks()).toMatchObject([{ id: milk, completed: true }]);

    http = serverOn(tasks, alwaysReady);
    elsewhere = new Api(http);
    baseUrl = await http.listen({ host: '127.0.0.1', port: 0 });
    await aClient().sync();
    expect(await onServer()).toMatchObject([{ id: milk, title: 'Buy milk', completed: true }]);
  });

  it('learns what was done elsewhere, deletions included', async () => {
    const { json: milk } = await elsewhere.post(PATH, { title: 'Buy milk' });
    const { json: bread } = await elsewhere.post(PATH, { title: 'Buy bread' });
    const client = aClient();
    await client.sync();
    expect(titles(await client.tasks())).toEqual(['Buy bread', 'Buy milk']);

    await elsewhere.delete(`${PATH}/${bread.id}`);
    await elsewhere.patch(`${PATH}/${milk.id}`, { title: 'Buy oat milk' });
    await client.sync();
    expect(await client.tasks()).toMatchObject([{ id: milk.id, title: 'Buy oat milk' }]);
  });

  it('keeps both of two edits of different fields, and its own of the same one', async () => {
    const { json: task } = await elsewhere.post(PATH, { title: 'Buy milk' });
    const client = aClient();
    await client.sync();
    await client.edit(task.id, { title: 'Buy oat milk' });
    await elsewhere.patch(`${PATH}/${task.id}`, { description: 'two litres', title: 'Buy soy milk' });

    await client.sync();
    expect(await onServer()).toMatchObject([{ title: 'Buy oat milk', description: 'two litres' }]);
    expect(await client.tasks()).toEqual(await onServer());
  });

  it('does not remove what was changed elsewhere', async () => {
    const { json: task } = await elsewhere.post(PATH, { title: 'Buy milk' });
    const client = aClient();
    await client.sync();
    await client.remove(task.id);
    await elsewhere.patch(`${PATH}/${task.id}`, { title: 'Buy milk today' });
    await client.sync();
    expect(titles(await client.tasks())).toEqual(['Buy milk today']);
  });

  it('gives up an edit of what was removed elsewhere', async () => {
    const { json: task } = await elsewhere.post(PATH, { title: 'Buy milk' });
    const client = aClient();
    await client.sync();
    await client.edit(task.id, { title: 'Buy oat milk' });
    await elsewhere.delete(`${PATH}/${task.id}`);
    await client.sync();
    expect(await client.tasks()).toEqual([]);
  });

  it('begins again after a purge, also with more tasks than fit on a page', async () => {
    for (let n = 0; n < 1_200; n++) await elsewhere.post(PATH, { title: `task ${n}` });
    const client = aClient();
    await client.sync();
    const [gone] = await client.tasks();
    await elsewhere.delete(`${PATH}/${gone?.id}`);
    await tasks.purge(OWNER, new Date(Date.now() + 1_000), 10);

    await client.sync();
    expect(await client.tasks()).toHaveLength(1_199);
    expect((await client.tasks()).some(({ id }) => id === gone?.id)).toBe(false);
  });
});

describe('killed at any moment and started again', () => {
  class Killed extends Error {}

  /** Lets so many steps happen, each a request that arrives, an answer that arrives, or a save; then nothing any more. */
  function mortal(steps: number) {
    let left = steps;
    const step = () => {
      if (left-- <= 0) throw new Killed();
    };
    const store = new FileStore(join(folder, 'copy.json'));
    const dying = {
      load: () => store.load(),
      async save(state: State) {
        step();
        await store.save(state);
        step();
      },
    };
    const dyingFetch: typeof fetch = async (...request) => {
      step();
      const answer = await fetch(...request);
      step();
      return answer;
    };
    return new OfflineClient({ baseUrl, owner: OWNER, attempts: 1, store: dying, fetch: dyingFetch });
  }

  async function script(client: OfflineClient, mine: string): Promise<void> {
    await client.edit(mine, { completed: true });
    await client.create('Buy bread');
    await client.remove(mine);
    await client.sync();
  }

  it('it loses nothing, doubles nothing, and holds what the service holds', async () => {
    let survived = false;
    let kills = 0;
    for (let steps = 0; !survived; steps++) {
      await rm(join(folder, 'copy.json'), { force: true });
      for (const { id } of await onServer()) await elsewhere.delete(`${PATH}/${id}`);
      const { json: mine } = await elsewhere.post(PATH, { title: 'Buy milk' });
      const { json: theirs } = await elsewhere.post(PATH, { title: 'Buy wine' });
      await aClient().sync();
      await elsewhere.patch(`${PATH}/${theirs.id}`, { title: 'Buy red wine' });

      survived = await script(mortal(steps), mine.id).then(
        () => true,
        (error) => {
          expect(error).toBeInstanceOf(Killed);
          kills++;
          return false;
        },
      );
      const again = aClient();
      const intended = titles(await again.tasks()).filter((title) => !title.includes('wine'));
      await again.sync();
      await again.sync();
      expect(titles(await again.tasks()).filter((title) => !title.includes('wine'))).toEqual(intended);
      expect(titles(await again.tasks())).toEqual(titles(await onServer()));
    }
    expect(kills).toBeGreaterThan(15);
  });
});
