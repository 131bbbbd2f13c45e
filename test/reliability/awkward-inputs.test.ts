import { afterEach, describe, expect, it } from 'vitest';
import { alwaysReady } from '../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../src/infrastructure/memory/in-memory-task-repository.ts';
import { listening } from '../support/listening.ts';
import { freshOwner } from '../support/owners.ts';
import { type Bytes, type RawAnswer, RawConnection } from '../support/raw-connection.ts';
import { serverOn } from '../support/server.ts';
import { bytesOf, chunked, JSON_TYPE, request } from './bad-inputs/row.ts';

const LIMIT = 65_536;

const head = 'GET /livez HTTP/1.1\r\nHost: a\r\n';
const longHeader = `X: ${'x'.repeat(20_000)}\r\n\r\n`;

/** What looks wrong and is right, byte by byte over sockets. */
describe('a server that listens', () => {
  const port = listening(() => serverOn(new InMemoryTaskRepository(), alwaysReady));
  const connections: RawConnection[] = [];
  afterEach(() => {
    for (const connection of connections.splice(0)) connection.close();
  });

  function open(): RawConnection {
    const connection = new RawConnection(port());
    connections.push(connection);
    return connection;
  }

  /** The answer, on a connection that is good afterwards. */
  async function send(...parts: Bytes[]): Promise<RawAnswer> {
    const connection = open().send(...parts);
    const answer = await connection.answer();
    expect(await connection.isGood()).toBe(true);
    return answer as RawAnswer;
  }

  const aList = () => `/api/${freshOwner()}/tasks`;
  const create = (list: string, body: Bytes = '{"title":"a"}', type = JSON_TYPE, ...headers: string[]) =>
    send(request('POST', list, { body, type, headers }));
  const filled = (bytes: number) => `{"title":"a"${' '.repeat(bytes - 13)}}`;

  it.each([
    ['a byte order mark', '\ufeff{"title":"a"}', JSON_TYPE],
    ['a charset in capitals and quotes', '{"title":"a"}', 'Content-Type: Application/JSON; charset="UTF-8"'],
    ['spaces around the charset', '{"title":"a"}', 'Content-Type: application/json ; charset = utf-8'],
    ['a charset without spaces', '{"title":"a"}', 'Content-Type: application/json;charset=utf-8;x=1'],
    ['a parameter after the charset', '{"title":"a"}', 'Content-Type: application/json; charset="utf-8" ; x=1'],
    ['as many bytes as there may be', filled(LIMIT), JSON_TYPE],
    ['white space around', '\r\n\t {"title" : "a"}\r\n', JSON_TYPE],
    ['escapes', '{"\\u0074itle":"\\u0061"}', JSON_TYPE],
  ])('takes a body with %s', async (_what, body, type) => {
    const { status, json } = await create(aList(), body, type);
    expect([status, json.title]).toEqual([201, 'a']);
  });

  it.each([1, 7, 4_096, LIMIT])('takes chunks of %i bytes, wherever they cut a character', async (size) => {
    const [list, title] = [aList(), 'é𝒳e\u0301👨‍👩‍👧‍👦'];
    const body = Buffer.from(JSON.stringify({ title }).padEnd(2_000)).toString('latin1');
    const head = request('POST', list, { headers: [JSON_TYPE, 'Transfer-Encoding: chunked'] });
    const { status, json } = await send(head, Buffer.from(chunked(body, size), 'latin1'));
    expect([status, json.title]).toEqual([201, title]);
  });

  it('takes as many bytes as there may be, in chunks', async () => {
    const head = request('POST', aList(), { headers: [JSON_TYPE, 'Transfer-Encoding: chunked'] });
    expect((await send(head, chunked(filled(LIMIT), 10_000))).status).toBe(201);
  });

  it('takes a request that arrives byte by byte', async () => {
    const connection = open();
    for (const byte of request('POST', aList(), { body: '{"title":"é"}' })) {
      connection.send(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    expect((await connection.answer())?.json.title).toBe('é');
  });

  it.each(['a+b', 'auth0%7Cx', 'auth0|x', 'a@b.c', 'urn:x:1', '~', '...', '=-_.', 'x'.repeat(255)])(
    'knows the owner %.20s on every route, encoded or not',
    async (sent) => {
      const owner = decodeURIComponent(sent);
      const encoded = [...owner].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
      const list = `/api/${sent}/tasks`;
      const { json: task, headers } = await create(list);
      expect([task.user_id, headers['location']]).toEqual([
        owner,
        `/api/${encodeURIComponent(owner)}/tasks/${task.id}`,
      ]);
      const url = `/api/${encoded}/tasks/${task.id}`;
      const answers = [
        await send(request('GET', url)),
        await send(request('PUT', url, { body: '{"title":"b","description":null,"completed":true}' })),
        await send(request('PATCH', url, { body: '{"title":"c"}' })),
        await send(request('PATCH', `${url}/complete`)),
        await send(request('DELETE', url)),
        await send(request('POST', `${url}/restore`)),
      ];
      expect(answers.map(({ status, json }) => [status, json?.user_id])).toEqual(
        [200, 200, 200, 200, 204, 200].map((status) => [status, status === 204 ? undefined : owner]),
      );
      for (const rest of ['', '/changes']) {
        const { json } = await send(request('GET', `/api/${encoded}/tasks${rest}`));
        expect((json.tasks ?? json.changes).map(({ id }: { id: string }) => id)).toContain(task.id);
      }
    },
  );

  it('takes a target and a header block as large as they may be at once', async () => {
    const list = aList();
    const target = `${list}?limit=5${'&'.repeat(8_192 - list.length - 8)}`;
    expect((await send(request('GET', target, { headers: [`X: ${'x'.repeat(16_300)}`] }))).status).toBe(200);
  });

  it('takes a header block of 16,384 bytes and no more', async () => {
    const padded = (size: number) => `${head}X: ${'x'.repeat(size - 'Host: a\r\nX: \r\n'.length)}\r\n\r\n`;
    expect((await send(padded(16_384))).status).toBe(200);
    expect((await send(padded(16_385))).status).toBe(431);
  });

  it('takes a query that ends with a slash', async () => {
    expect((await send(request('GET', `${aList()}?q=/`))).status).toBe(200);
  });

  it('takes chunks however the word is spelled', async () => {
    const head = request('POST', aList(), { headers: [JSON_TYPE, 'Transfer-Encoding: Chunked'] });
    expect((await send(head, chunked('{"title":"a"}', 5))).status).toBe(201);
  });

  it.each([
    ['in one piece', '', `${head}${longHeader}`],
    ['behind the rest of the head', head, longHeader],
  ])('tells a long header, %s, from a long target', async (_how, first, rest) => {
    const connection = open().send(first);
    // Once a later request has been answered, the server has read what was sent before.
    expect(await open().isGood()).toBe(true);
    connection.send(rest);
    expect((await connection.answer())?.json.code).toBe('headers-too-large');
  });

  it('obeys If-Match behind 2,100 headers', async () => {
    const list = aList();
    const { json: task } = await create(list);
    const headers = [...Array.from({ length: 2_100 }, () => 'a:b'), 'If-Match: "1"'];
    const { json } = await send(request('PATCH', `${list}/${task.id}`, { headers, body: '{"title":"b"}' }));
    expect(json).toMatchObject({ title: 'b', revision: 2 });
  });

  it.each(['k', '"k"', '  k  '])('takes the key %s for k', async (key) => {
    const list = aList();
    const { json: task } = await create(list, '{"title":"a"}', JSON_TYPE, 'Idempotency-Key: k');
    const again = await create(list, '{"title":"a"}', JSON_TYPE, `idempotency-key: ${key}`);
    expect([again.json, again.headers['idempotency-replayed']]).toEqual([task, 'true']);
  });

  it('takes an escaped quote in a quoted key for the quote', async () => {
    const list = aList();
    const { json: task } = await create(list, '{"title":"a"}', JSON_TYPE, 'Idempotency-Key: a"b\\');
    const quoted = await create(list, '{"title":"a"}', JSON_TYPE, 'Idempotency-Key: "a\\"b\\\\"');
    expect(quoted.json.id).toBe(task.id);
  });

  it('makes one task of 50 creates under one key at once', async () => {
    const list = aList();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => create(list, '{"title":"a"}', JSON_TYPE, 'Idempotency-Key: k')),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1);
  });

  it('names no host that a client made up, not even in the target', async () => {
    const [list, headers] = [
      aList(),
      ['X-Forwarded-Host: evil.example', 'X-Forwarded-Proto: https', 'Forwarded: host=evil.example'],
    ];
    const created = await send(request('POST', `http://evil.example${list}`, { headers, body: '{"title":"a"}' }));
    await create(list);
    const page = await send(request('GET', `http://evil.example${list}?limit=1`, { headers }));
    expect([created.status, page.status]).toEqual([201, 200]);
    expect(page.headers['link']).toMatch(/^<\/api\//);
    expect(Buffer.concat([created.bytes, page.bytes]).includes('evil')).toBe(false);
  });

  it('answers OPTIONS of an unlisted origin without a word about CORS', async () => {
    const headers = ['Origin: https://evil.example', 'Access-Control-Request-Method: POST'];
    const { status, headers: answered, text } = await send(request('OPTIONS', aList(), { headers }));
    expect([status, answered['allow'], text]).toEqual([204, 'GET, POST, HEAD, OPTIONS', '']);
    expect(Object.keys(answered).filter((name) => /^access-control|^vary/.test(name))).toEqual([]);
  });

  it('answers nothing that follows an expectation that it cannot meet', async () => {
    const connection = open().send(`${head}Expect: wonders\r\n\r\n`, 'NONSENSE\r\n\r\n');
    expect((await connection.answer())?.status).toBe(417);
    expect(await connection.answer()).toBeUndefined();
  });

  it('ignores an upgrade that it does not offer', async () => {
    const headers = ['Connection: Upgrade', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'];
    expect((await create(aList(), bytesOf('{"title":"a"}'), JSON_TYPE, ...headers)).status).toBe(201);
  });
});
