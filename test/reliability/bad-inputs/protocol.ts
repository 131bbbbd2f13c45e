import type { Bytes } from '../../support/raw-connection.ts';
import { CANARY, invalid, JSON_TYPE, noRoute, type Row, request, type Target } from './row.ts';

const malformed = { ...invalid, closes: true } as const;

const raw = (name: string, bytes: string | ((target: Target) => Bytes), answer: Omit<Row, 'name' | 'bytes'>): Row => ({
  name,
  bytes: typeof bytes === 'string' ? () => Buffer.from(bytes, 'latin1') : bytes,
  ...answer,
});

const create = (headers: readonly string[], body: string) => (target: Target) =>
  [`POST ${target.list} HTTP/1.1`, 'Host: a', JSON_TYPE, ...headers, '', body].join('\r\n');

const BODY = '{"title":"a"}';
const CHUNKS = 'd\r\n{"title":"a"}\r\n0\r\n\r\n';

export const REFUSED_PROTOCOL: readonly Row[] = [
  raw('a method that does not exist', 'FOO /livez HTTP/1.1\r\nHost: a\r\n\r\n', malformed),
  raw('a method in lower case', 'get /livez HTTP/1.1\r\nHost: a\r\n\r\n', malformed),
  raw('HTTP/3.0', 'GET /livez HTTP/3.0\r\nHost: a\r\n\r\n', malformed),
  raw('HTTP/2.0', 'GET /livez HTTP/2.0\r\nHost: a\r\n\r\n', malformed),
  raw('HTTP/1.2', 'GET /livez HTTP/1.2\r\nHost: a\r\n\r\n', malformed),
  raw('HTTP/0.9', 'GET /livez\r\n\r\n', malformed),
  raw('the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', malformed),
  raw('something else than HTTP', `${CANARY}\r\n\r\n`, malformed),
  raw('TLS', '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03', malformed),
  raw('a space in the target', `GET /${CANARY} z HTTP/1.1\r\nHost: a\r\n\r\n`, malformed),
  raw('raw UTF-8 in the target', 'GET /api/\xc3\xa9/tasks HTTP/1.1\r\nHost: a\r\n\r\n', malformed),
  raw('a target without a slash', `GET ${CANARY} HTTP/1.1\r\nHost: a\r\n\r\n`, malformed),
  raw('bare line feeds', 'GET /livez HTTP/1.1\nHost: a\n\n', malformed),
  raw('one bare line feed', 'GET /livez HTTP/1.1\r\nHost: a\nX: b\r\n\r\n', malformed),
  raw('a carriage return in a header', 'GET /livez HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n', malformed),
  raw('a NUL in a header', 'GET /livez HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n', malformed),
  raw('a header that goes on in the next line', 'GET /livez HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n', malformed),
  raw('a space before a colon', 'GET /livez HTTP/1.1\r\nHost : a\r\n\r\n', malformed),
  raw('a header without a name', 'GET /livez HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n', malformed),
  raw('no host', 'GET /livez HTTP/1.1\r\n\r\n', { ...invalid, faults: ['host:'] }),
  raw('two hosts', 'GET /livez HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n', { ...invalid, faults: ['host:'] }),
  raw('two hosts in HTTP/1.0', 'GET /livez HTTP/1.0\r\nHost: a\r\nHost: a\r\nConnection: keep-alive\r\n\r\n', {
    ...invalid,
    faults: ['host:'],
  }),
  raw('a length and chunks', create(['Content-Length: 13', 'Transfer-Encoding: chunked'], CHUNKS), malformed),
  raw('two lengths', create(['Content-Length: 13', 'Content-Length: 14'], BODY), malformed),
  raw('the same length twice', create(['Content-Length: 13', 'Content-Length: 13'], BODY), malformed),
  raw('a list of lengths', create(['Content-Length: 13, 13'], BODY), malformed),
  ...['+13', '-13', '0x0d', '13.0', '', 'x', '99999999999999999999'].map((length) =>
    raw(`the length "${length}"`, create([`Content-Length: ${length}`], BODY), malformed),
  ),
  raw('a bad size of a chunk', create(['Transfer-Encoding: chunked'], `zz\r\n${BODY}\r\n0\r\n\r\n`), malformed),
  raw('a bad size of a later chunk', create(['Transfer-Encoding: chunked'], `d\r\n${BODY}\r\nzz\r\n\r\n`), malformed),
  raw(
    'a chunk that is longer than its size',
    create(['Transfer-Encoding: chunked'], `c\r\n${BODY}\r\n0\r\n\r\n`),
    malformed,
  ),
  ...['identity', 'xchunked', 'chunked, identity', 'chunked, chunked'].map((coding) =>
    raw(`the transfer coding ${coding}`, create([`Transfer-Encoding: ${coding}`], CHUNKS), malformed),
  ),
  raw('a transfer coding before chunked', create(['Transfer-Encoding: gzip, chunked'], CHUNKS), {
    ...invalid,
    faults: ['transfer-encoding:'],
  }),
  raw('two lines of transfer codings', create(['Transfer-Encoding: gzip', 'Transfer-Encoding: chunked'], CHUNKS), {
    ...invalid,
    faults: ['transfer-encoding:'],
  }),
  raw('a header of 20 KB', (target) => request('GET', target.list, { headers: [`X: ${CANARY.padEnd(20_000, 'x')}`] }), {
    status: 431,
    code: 'headers-too-large',
  }),
  raw('a header of 60 KB', (target) => request('GET', target.list, { headers: [`X: ${CANARY.padEnd(60_000, 'x')}`] }), {
    status: 431,
    code: 'headers-too-large',
    closes: true,
  }),
  raw(
    '10,000 headers',
    (target) => request('GET', target.list, { headers: Array.from({ length: 10_000 }, () => 'a:b') }),
    {
      status: 431,
      code: 'headers-too-large',
    },
  ),
  ...[
    ['PUT', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['TRACE', ''],
    ['PROPFIND', ''],
    ['DELETE', '/changes'],
    ['POST', '/changes'],
  ].map(([method = '', rest]) =>
    raw(`${method} of the list${rest}`, ({ list }) => request(method, `${list}${rest}`, { body: BODY }), {
      status: 405,
      code: 'method-not-allowed',
    }),
  ),
  raw('POST on a task', ({ task }) => request('POST', task, { body: BODY }), {
    status: 405,
    code: 'method-not-allowed',
  }),
  raw('OPTIONS of everything', 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', noRoute),
  raw(
    'an expectation that cannot be met',
    ({ list }) => request('POST', list, { headers: [`Expect: ${CANARY}`], body: BODY }),
    {
      status: 417,
      code: 'expectation-failed',
      closes: true,
    },
  ),
];
