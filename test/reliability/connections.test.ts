import type { FastifyBaseLogger } from 'fastify';
import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ListQuery } from '../../src/application/ports.ts';
import type { UserId } from '../../src/domain/ids.ts';
import { alwaysReady } from '../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../src/infrastructure/memory/in-memory-task-repository.ts';
import { listening } from '../support/listening.ts';
import { freshOwner } from '../support/owners.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { serverOn } from '../support/server.ts';
import { chunked, JSON_TYPE, request } from './bad-inputs/row.ts';

/** Lists only when it is told to. */
class SlowList extends InMemoryTaskRepository {
  #askedFor = () => {};
  allow = () => {};
  readonly asked = new Promise<void>((resolve) => {
    this.#askedFor = resolve;
  });
  readonly #allowed = new Promise<void>((resolve) => {
    this.allow = resolve;
  });

  override async list(owner: UserId, query: ListQuery) {
    this.#askedFor();
    await this.#allowed;
    return super.list(owner, query);
  }
}

describe('a connection', () => {
  const port = listening(() => serverOn(new InMemoryTaskRepository(), alwaysReady));
  const connections: RawConnection[] = [];
  afterEach(() => {
    for (const connection of connections.splice(0)) connection.close();
  });

  function open(to = port()): RawConnection {
    const connection = new RawConnection(to);
    connections.push(connection);
    return connection;
  }

  it('carries the answers to 100 pipelined requests of two owners in their order', async () => {
    const owners = Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? 'pipe-a' : 'pipe-b'));
    const requests = owners.map((owner, n) =>
      request('POST', `/api/${owner}/tasks`, { body: `{"title":"${owner} ${n}"}` }),
    );
    const connection = open().send(Buffer.concat(requests));
    for (const [n, owner] of owners.entries()) {
      expect((await connection.answer())?.json).toMatchObject({ user_id: owner, title: `${owner} ${n}` });
    }
  });

  it('asks for the body that it is offered', async () => {
    const body = '{"title":"a"}';
    const head = request('POST', `/api/${freshOwner()}/tasks`, {
      headers: ['Expect: 100-continue', JSON_TYPE, `Content-Length: ${body.length}`],
    });
    const connection = open().send(head);
    expect((await connection.answer())?.status).toBe(100);
    expect((await connection.send(body).answer())?.status).toBe(201);
  });

  it('does not take the body of a GET for a request', async () => {
    const smuggled = request('GET', '/readyz').toString();
    for (const bytes of [
      request('GET', '/livez', { body: smuggled }),
      Buffer.concat([
        request('GET', '/livez', { headers: ['Transfer-Encoding: chunked'] }),
        Buffer.from(chunked(smuggled, 9)),
      ]),
    ]) {
      const connection = open().send(bytes);
      expect((await connection.answer())?.json).toEqual({ status: 'alive' });
      expect(await connection.isGood()).toBe(true);
    }
  });

  it.each([
    ['no path', '/nope', 404],
    ['another method', '/api/a/tasks/changes', 405],
    ['an owner that cannot be', '/api/%00/tasks', 400],
    ['a path that cannot be decoded', '/api/%zz/tasks', 400],
  ])('reads over the body of a request that is refused for %s', async (_what, path, status) => {
    const connection = open().send(
      request('POST', path, { body: request('GET', '/readyz').toString().padEnd(60_000) }),
    );
    expect((await connection.answer())?.status).toBe(status);
    expect(await connection.isGood()).toBe(true);
  });

  it.each(['/livez', '/api/a/tasks', '/nope', '/api/%zz/tasks', `/api/a/tasks/01938f5e-7c1a-7d3e-9a41-0f6d2b7c9e10`])(
    'carries no body after the answer to HEAD %s',
    async (path) => {
      const connection = open().send(request('HEAD', path), request('GET', path));
      const [head, get] = [await connection.answer('HEAD'), await connection.answer()];
      expect([head?.status, head?.headers['content-type'], head?.headers['content-length']]).toEqual([
        get?.status,
        get?.headers['content-type'],
        get?.headers['content-length'],
      ]);
      expect(await connection.isGood()).toBe(true);
    },
  );

  it('is closed after CONNECT', async () => {
    expect(await open().send('CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n').answer()).toBeUndefined();
  });

  it('serves HTTP/1.0, which needs no host, and blank lines before a request', async () => {
    const connection = open().send('\r\n\r\nGET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
    expect((await connection.answer())?.status).toBe(200);
    expect(await connection.isGood()).toBe(true);
  });

  it('that ends within a request stores nothing', async () => {
    const list = `/api/${freshOwner()}/tasks`;
    const half = request('POST', list, { headers: [JSON_TYPE, 'Content-Length: 50'] });
    const connection = open().send(half, '{"title":"a"}');
    connection.finish();
    await connection.rest();
    expect((await open().send(request('GET', list)).answer())?.json.tasks).toEqual([]);
  });

  it('that ends after a whole request leaves a create that can be repeated', async () => {
    const list = `/api/${freshOwner()}/tasks`;
    const create = request('POST', list, { headers: ['Idempotency-Key: k'], body: '{"title":"a"}' });
    open().send(create).finish();
    const again = await open().send(create).answer();
    expect(again?.status).toBe(201);
    const listed = await open().send(request('GET', list)).answer();
    expect(listed?.json.tasks).toEqual([again?.json]);
  });

  describe('whose client leaves before the answer', () => {
    const tasks = new SlowList();
    const lines: string[] = [];
    const log = pino({ base: null }, { write: (line: string) => void lines.push(line) }) as FastifyBaseLogger;
    const slowPort = listening(() => serverOn(tasks, alwaysReady, { log }));
    const told = () => lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request');

    it('leaves one line in the log, which says so', async () => {
      const connection = open(slowPort()).send(request('GET', `/api/${freshOwner()}/tasks`));
      await tasks.asked;
      connection.close();
      // The server has noticed when another one has come and gone.
      await open(slowPort()).send(request('GET', '/livez')).answer();
      tasks.allow();
      await vi.waitFor(() => expect(told()).toHaveLength(2));
      await open(slowPort()).send(request('GET', '/livez')).answer();
      await vi.waitFor(() => expect(told()).toHaveLength(3));
      expect(told().filter(({ route }) => route !== '/livez')).toMatchObject([{ status: 200, left: true }]);
    });
  });

  describe('on which a request is refused after others', () => {
    const tasks = new SlowList();
    const slowPort = listening(() => serverOn(tasks, alwaysReady));

    it('answers the others first', async () => {
      const list = `/api/${freshOwner()}/tasks`;
      const create = request('POST', list, { body: '{"title":"a"}' });
      const connection = open(slowPort()).send(request('GET', list), create, 'nonsense\r\n\r\n');
      await tasks.asked;
      connection.send('more nonsense\r\n\r\n');
      tasks.allow();
      expect((await connection.answer())?.json.tasks).toBeDefined();
      expect((await connection.answer())?.status).toBe(201);
      expect((await connection.answer())?.json.code).toBe('invalid-request');
      expect(await connection.rest()).toHaveLength(0);
    });
  });

  describe('on which a request breaks off after others', () => {
    const tasks = new SlowList();
    const slowPort = listening(() => serverOn(tasks, alwaysReady));

    it('answers the others first', async () => {
      const list = `/api/${freshOwner()}/tasks`;
      const connection = open(slowPort()).send(request('GET', list));
      await tasks.asked;
      connection.send(request('POST', list, { headers: [JSON_TYPE, 'Transfer-Encoding: chunked'] }), 'zz\r\n');
      expect(await open(slowPort()).isGood()).toBe(true);
      tasks.allow();
      expect((await connection.answer())?.json.tasks).toEqual([]);
      expect((await connection.answer())?.json.code).toBe('invalid-request');
      expect(await connection.rest()).toHaveLength(0);
    });
  });

  it('carries one answer to a request that is answered before its body turns out to be broken', async () => {
    const head = request('POST', '/nope', { headers: ['Transfer-Encoding: chunked'] });
    const connection = open().send(head);
    expect((await connection.answer())?.status).toBe(404);
    connection.send('zz\r\n');
    expect(await connection.rest()).toHaveLength(0);
  });
});
