import { AsyncLocalStorage } from 'node:async_hooks';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TaskId, UserId } from '../../../../src/domain/ids.ts';
import { alwaysReady } from '../../../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../../../src/infrastructure/memory/in-memory-task-repository.ts';
import type { RequestTraces } from '../../../../src/interfaces/http/observers.ts';
import { JSON_TYPE, request } from '../../../reliability/bad-inputs/row.ts';
import { GatedTasks } from '../../../support/gated-tasks.ts';
import { listening } from '../../../support/listening.ts';
import { RawConnection } from '../../../support/raw-connection.ts';
import { serverOn } from '../../../support/server.ts';
import { freshId } from '../../../support/tasks.ts';

const list = (user: string, headers: readonly string[] = []) => request('GET', `/api/${user}/tasks`, { headers });

const connections: RawConnection[] = [];
afterEach(() => {
  for (const connection of connections.splice(0)) connection.close();
});

function open(port: number): RawConnection {
  const connection = new RawConnection(port);
  connections.push(connection);
  return connection;
}

function gatedService() {
  const tasks = new GatedTasks();
  const sockets: Socket[] = [];
  const port = listening(() => {
    const http = serverOn(tasks, alwaysReady);
    http.server.on('connection', (socket: Socket) => sockets.push(socket));
    return http;
  });
  const started = (count: number) =>
    vi.waitFor(() => expect(tasks.started.length).toBe(count), { interval: 1, timeout: 5_000 });
  return { tasks, port, sockets, started };
}

describe('pipelined requests', () => {
  const { tasks, port, started } = gatedService();

  it('run four at a time, and those of other connections beside them', async () => {
    const users = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const connection = open(port()).send(Buffer.concat(users.map((user) => list(user))));
    await started(4);
    const other = open(port()).send(list('other'));
    await started(5);
    tasks.started[1]?.proceed();
    tasks.started[4]?.proceed();
    expect((await other.answer())?.status).toBe(200);
    // The second one has a response, but only its first would let another one start.
    expect(tasks.started).toHaveLength(5);
    tasks.started[0]?.proceed();
    await started(7);
    expect(tasks.started.map(({ userId }) => userId)).toEqual(['a', 'b', 'c', 'd', 'other', 'e', 'f']);
    tasks.open();
    for (const _user of users) expect((await connection.answer())?.status).toBe(200);
  });
});

describe('a request body', () => {
  const { tasks, port, started } = gatedService();

  it('is read while earlier requests of its connection wait', async () => {
    const body = '{"title":"a"}';
    const headers = request('POST', '/api/bob/tasks', { headers: [JSON_TYPE, `Content-Length: ${body.length}`] });
    const connection = open(port()).send(Buffer.concat([...Array(30).fill(list('alice')), headers]), body.slice(0, 5));
    await started(4);
    connection.send(body.slice(5));
    tasks.open();
    for (let n = 0; n < 30; n++) expect((await connection.answer())?.status).toBe(200);
    expect((await connection.answer())?.json).toMatchObject({ user_id: 'bob', title: 'a' });
  });

  it('does not let later requests take the turn of its own', async () => {
    const create = request('POST', '/api/carol/tasks', { body: '{"title":"a"}' });
    const connection = open(port()).send(Buffer.concat([create, ...Array(10).fill(list('carol'))]));
    expect((await connection.answer())?.status).toBe(201);
    for (let n = 0; n < 10; n++) expect((await connection.answer())?.status).toBe(200);
  });
});

describe('a connection with many requests', () => {
  const { tasks, port, sockets, started } = gatedService();

  it('is not read until some have a response', async () => {
    const count = 100;
    const large = list('alice', [`X-Padding: ${'x'.repeat(8_000)}`]);
    const connection = open(port()).send(Buffer.concat(Array(count).fill(large)));
    await started(4);
    expect(await open(port()).isGood()).toBe(true);
    // 20 requests, and what was read with the one after them.
    expect(sockets[0]?.bytesRead).toBeLessThan(20 * large.length + 2 * 65_536);
    for (let n = 0; n < count; n++) {
      await started(Math.min(count, n + 4));
      tasks.started[n]?.proceed();
      expect((await connection.answer())?.status).toBe(200);
    }
    expect(sockets[0]?.bytesRead).toBe(count * large.length);
    expect(await connection.isGood()).toBe(true);
  });
});

describe('a request that waited for earlier ones', () => {
  const traceOf = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];
  class TracedTasks extends InMemoryTaskRepository {
    override async find(userId: UserId, id: TaskId) {
      seen.push(`${userId} ${traceOf.getStore()}`);
      await new Promise((resolve) => setImmediate(resolve));
      return super.find(userId, id);
    }
  }
  const traces: RequestTraces = {
    begin: (_method, _requestId, headers) => {
      const id = String(headers['x-trace']);
      return { id, lead: (work) => traceOf.run(id, work), end: () => {} };
    },
  };
  const port = listening(() => serverOn(new TracedTasks(), alwaysReady, { traces }));

  it('runs in its own trace', async () => {
    const names = Array.from({ length: 12 }, (_, n) => `user-${n}`);
    const requests = names.map((name) =>
      request('GET', `/api/${name}/tasks/${freshId()}`, { headers: [`X-Trace: ${name}`] }),
    );
    const connection = open(port()).send(Buffer.concat(requests));
    for (const _name of names) expect((await connection.answer())?.status).toBe(404);
    expect(seen).toEqual(names.map((name) => `${name} ${name}`));
  });
});
