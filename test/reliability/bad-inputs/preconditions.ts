import { CANARY, invalid, type Row, request } from './row.ts';

const MALFORMED = [
  CANARY,
  '1',
  '"1',
  '1"',
  '"1" "2"',
  '',
  ',',
  '*, "1"',
  '**',
  '"1"x',
  'w/"1"',
  'W/ "1"',
  "'1'",
  '"1";q=1',
  '"a b"',
  `"${CANARY.padEnd(10_000, 'x')}`,
];

const NEVER_GIVEN = [
  '"abc"',
  '"0"',
  '"01"',
  '"2"',
  '"+1"',
  '"1.0"',
  '"9999999999999999"',
  '"99999999999999999999"',
  'W/"2"',
  '""',
  `"${CANARY}"`,
  '"\xe9"',
  '"!#~\x80\xff"',
  '"0x1"',
  '"1e0"',
  '"2"\t,\t"3"',
];

const WRITES: readonly (readonly [string, (task: string, headers: readonly string[]) => Buffer])[] = [
  [
    'PUT',
    (task, headers) => request('PUT', task, { headers, body: '{"title":"a","description":null,"completed":true}' }),
  ],
  ['PATCH', (task, headers) => request('PATCH', task, { headers, body: '{"title":"a"}' })],
  ['DELETE', (task, headers) => request('DELETE', task, { headers })],
  ['complete', (task, headers) => request('PATCH', `${task}/complete`, { headers, body: '{"completed":true}' })],
  ['toggle', (task, headers) => request('PATCH', `${task}/complete`, { headers })],
  ['restore', (task, headers) => request('POST', `${task}/restore`, { headers })],
];

const mismatch = { status: 412, code: 'revision-mismatch' } as const;
const notFound = { status: 404, code: 'task-not-found' } as const;

export const REFUSED_PRECONDITIONS: readonly Row[] = [
  ...WRITES.flatMap(([what, bytes]): Row[] => [
    ...MALFORMED.map((value) => ({
      name: `${what} if it matches ${value.slice(0, 20)}`,
      bytes: ({ task }: { task: string }) => bytes(task, [`If-Match: ${value}`]),
      ...invalid,
      faults: ['if-match:'],
    })),
    ...NEVER_GIVEN.map((value) => ({
      name: `${what} if it matches ${value}`,
      bytes: ({ task }: { task: string }) => bytes(task, [`If-Match: ${value}`]),
      ...mismatch,
    })),
    {
      name: `${what} if it matches two lines of stale tags`,
      bytes: ({ task }) => bytes(task, ['If-Match: "7"', 'if-match: "8"']),
      ...mismatch,
    },
    {
      name: `${what} if a second line of tags is malformed`,
      bytes: ({ task }) => bytes(task, ['If-Match: "1"', 'If-Match: 1']),
      ...invalid,
      faults: ['if-match:'],
    },
    {
      name: `${what} if it matches, behind 2,100 headers, a stale tag`,
      bytes: ({ task }) => bytes(task, [...Array.from({ length: 2_100 }, () => 'a:b'), 'If-Match: "7"']),
      ...mismatch,
    },
    {
      name: `${what} of another owner's task under its right tag`,
      bytes: ({ list, foreignId }) => bytes(`${list}/${foreignId}`, ['If-Match: "1"']),
      ...notFound,
    },
  ]),
  ...MALFORMED.flatMap((value) =>
    (['task', 'list'] as const).map(
      (what): Row => ({
        name: `GET of a ${what} unless it matches ${value.slice(0, 20)}`,
        bytes: (target) => request('GET', target[what], { headers: [`If-None-Match: ${value}`] }),
        ...invalid,
        faults: ['if-none-match:'],
      }),
    ),
  ),
  ...[
    '',
    '""',
    CANARY.padEnd(256, 'x'),
    `"${'x'.repeat(256)}"`,
    'a b',
    'a\tb',
    '"a b"',
    'k\xe9',
    '"a"b"',
    '"a',
    '"a\\x"',
    'a,\r\nIdempotency-Key: b',
  ].map(
    (key): Row => ({
      name: `a create under the key ${JSON.stringify(key.slice(0, 30))}`,
      bytes: ({ list }) => request('POST', list, { headers: [`Idempotency-Key: ${key}`], body: '{"title":"a"}' }),
      ...invalid,
      faults: ['idempotency-key:'],
    }),
  ),
  ...['If-Match: "1"', 'If-Match: *', 'If-Match: 1', 'If-None-Match: *', 'If-None-Match: "1"'].map(
    (header): Row => ({
      name: `a create with ${header}`,
      bytes: ({ list }) => request('POST', list, { headers: [header], body: '{"title":"a"}' }),
      ...invalid,
      faults: [`${header.slice(0, header.indexOf(':')).toLowerCase()}:`],
    }),
  ),
  {
    name: 'a create under an id and a key',
    bytes: ({ list, foreignId }) =>
      request('POST', list, { headers: ['Idempotency-Key: k'], body: `{"title":"a","id":"${foreignId}"}` }),
    ...invalid,
    faults: ['/id'],
  },
  {
    name: 'a create under the id of another task',
    bytes: ({ list, id }) => request('POST', list, { body: `{"title":"${CANARY}","id":"${id}"}` }),
    status: 409,
    code: 'id-taken',
  },
];
