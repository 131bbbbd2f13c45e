import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alwaysReady } from '../../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../../src/infrastructure/memory/in-memory-task-repository.ts';
import { serverOn } from '../../support/server.ts';

/** Byte by byte over a socket: a client in the process would repair, or refuse, what is sent here. */
describe('over a socket', () => {
  let http: FastifyInstance;
  let port: number;
  beforeAll(async () => {
    http = serverOn(new InMemoryTaskRepository(), alwaysReady);
    port = Number(new URL(await http.listen({ host: '127.0.0.1', port: 0 })).port);
  });
  afterAll(() => http.close());

  const open = (): Socket => connect(port, '127.0.0.1');

  /** All that the server says until it closes. */
  function exchange(...sent: (string | Buffer)[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const socket = open();
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.on('error', reject);
      socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
      for (const part of sent) socket.write(part);
    });
  }

  const get = (target: string, ...headers: string[]) =>
    exchange(`GET ${target} HTTP/1.1\r\n${['Host: a', 'Connection: close', ...headers].join('\r\n')}\r\n\r\n`);

  function expectProblem(answer: string, status: number, code: string): void {
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head.split('\r\n')[0]).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head.toLowerCase()).toContain('\r\ncontent-type: application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status, code });
    expect(head.toLowerCase()).toContain(`\r\nx-request-id: ${JSON.parse(body).request_id}`);
  }

  it.each([
    ['a method that does not exist', 'FOO /livez HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['another version of HTTP', 'GET /livez HTTP/3.0\r\nHost: a\r\n\r\n'],
    ['something else than HTTP', 'hello\r\n\r\n'],
    [
      'both kinds of length',
      'POST /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['two lengths', 'POST /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd'],
    ['a space in the target', 'GET /live z HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['raw UTF-8 in the target', 'GET /é HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a carriage return in a header', 'GET /livez HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n'],
    ['a NUL in a header', 'GET /livez HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n'],
    ['no host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['two hosts', 'GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n'],
    ['a fragment', 'GET /livez#top HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
  ])('%s is refused with a problem', async (_what, request) => {
    expectProblem(await exchange(request), 400, 'invalid-request');
  });

  it.each(['..', '.', '%2e%2e', '%2E'])('the owner %s is refused, not resolved away', async (owner) => {
    expectProblem(await get(`/api/${owner}/tasks`), 400, 'invalid-request');
  });

  it('a target over 8 KiB is refused with 414, however long it is', async () => {
    for (const length of [9_000, 15_000, 20_000]) {
      expectProblem(await get(`/api/a/tasks?${'x'.repeat(length)}`), 414, 'uri-too-long');
      expectProblem(await get(`/nope/${'x'.repeat(length)}`), 414, 'uri-too-long');
    }
  });

  it('headers over 16 KiB are refused with 431', async () => {
    expectProblem(await get('/livez', `X: ${'x'.repeat(20_000)}`), 431, 'headers-too-large');
  });

  it('no header is lost among thousands', async () => {
    const many = Array.from({ length: 2_100 }, () => 'a:b');
    const [head] = (await get('/livez', ...many, 'Host: second')).split('\r\n');
    expect(head).toMatch(/^HTTP\/1.1 (400|431) /);
  });

  it('an expectation that cannot be met gets 417', async () => {
    expectProblem(await get('/livez', 'Expect: 200-ok'), 417, 'expectation-failed');
  });

  it('100-continue is granted', async () => {
    const head = 'POST /api/a/tasks HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\n';
    const answer = await exchange(`${head}Content-Type: application/json\r\nContent-Length: 13\r\n\r\n{"title":"a"}`);
    expect(answer).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 201 Created\r\n/);
  });

  it('two media types are refused', async () => {
    const types = 'Content-Type: application/json\r\nContent-Type: text/plain\r\n';
    const head = `POST /api/a/tasks HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${types}`;
    expectProblem(await exchange(`${head}Content-Length: 13\r\n\r\n{"title":"a"}`), 415, 'unsupported-media-type');
  });

  it('a body that is too large is refused, by length and in chunks', async () => {
    const head = 'POST /api/a/tasks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\n';
    const body = 'x'.repeat(65_537);
    expectProblem(await exchange(`${head}Content-Length: ${body.length}\r\n\r\n`, body), 413, 'body-too-large');
    const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    expectProblem(await exchange(chunked), 413, 'body-too-large');
  });

  it('a HEAD that finds nothing gets no body', async () => {
    const answer = await exchange('HEAD /nope HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 404 .*\r\n\r\n$/s);
  });

  it('the body of a GET is no request of its own', async () => {
    const first = 'GET /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello';
    const answer = await exchange(first, 'GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(answer.match(/HTTP\/1.1 200 OK/g)).toHaveLength(2);
    expect(answer).toMatch(/alive.*ready/s);
  });

  it('pipelined requests of two owners are answered in their order', async () => {
    const owners = Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? 'pipe-a' : 'pipe-b'));
    const requests = owners.map((owner, n) => {
      const body = JSON.stringify({ title: `${owner} ${n}` });
      const last = n === owners.length - 1 ? 'Connection: close\r\n' : '';
      const head = `POST /api/${owner}/tasks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${last}`;
      return `${head}Content-Length: ${body.length}\r\n\r\n${body}`;
    });
    const answer = await exchange(requests.join(''));
    const bodies = [...answer.matchAll(/\{"id".*?\}/g)].map(([json]) => JSON.parse(json));
    expect(bodies.map(({ user_id, title }) => [user_id, title])).toEqual(
      owners.map((owner, n) => [owner, `${owner} ${n}`]),
    );
  });

  it('a request that is cut off stores nothing', async () => {
    const head = 'POST /api/cut-off/tasks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
    const socket = open();
    socket.end(`${head}Content-Length: 50\r\n\r\n{"title":"a"}`);
    await new Promise((resolve) => socket.on('close', resolve).resume());
    expect(await get('/api/cut-off/tasks')).toContain('"tasks":[]');
  });
});
