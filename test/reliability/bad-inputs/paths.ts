import { CANARY, invalid, noRoute, type Row, request, type Target } from './row.ts';

const read = (name: string, path: string, answer: Pick<Row, 'status' | 'code' | 'faults' | 'closes'>): Row => ({
  name,
  bytes: () => request('GET', path),
  ...answer,
});

const OWNERS = [
  'a%2Fb',
  'a%5Cb',
  '%00',
  '%20',
  'a%0d%0aX-Evil:%201',
  '*',
  ';',
  `'`,
  '"',
  '$',
  '(',
  'a,b',
  '%3Cscript%3E',
  '%F0%9F%98%80',
  '%C3%A9',
  '%EF%BC%8E%EF%BC%8E',
  '..',
  '.',
  '%2e%2e',
  '%2E',
  '.%2e',
  '%252e',
  '%25',
  `${CANARY}%21`,
];

const IDS = [
  CANARY,
  '1',
  '-1',
  '0',
  '%00',
  '..',
  'null',
  `'%20or%20'1'='1`,
  '01938f5e-7c1a-7d3e-9a41-0f6d2b7c9e1',
  '01938f5e-7c1a-7d3e-9a41-0f6d2b7c9e100',
  '01938f5e7c1a7d3e9a410f6d2b7c9e10',
  '%7B01938f5e-7c1a-7d3e-9a41-0f6d2b7c9e10%7D',
  'urn:uuid:01938f5e-7c1a-7d3e-9a41-0f6d2b7c9e10',
  '01938f5e-7c1a-7d3e-9a41-0f6d2b7c9e1g',
  '０1938f5e-7c1a-7d3e-9a41-0f6d2b7c9e10'.replace('０', '%EF%BC%90'),
];

/** All that is done to one task. */
const ON_A_TASK: readonly (readonly [string, (task: string) => Buffer])[] = [
  ['GET', (task) => request('GET', task)],
  ['PUT', (task) => request('PUT', task, { body: '{"title":"a","description":null,"completed":true}' })],
  ['PATCH', (task) => request('PATCH', task, { body: '{"title":"a"}' })],
  ['DELETE', (task) => request('DELETE', task)],
  ['complete', (task) => request('PATCH', `${task}/complete`)],
  ['restore', (task) => request('POST', `${task}/restore`)],
];

const NO_PATHS: readonly ((target: Target) => string)[] = [
  () => '/',
  () => '/api',
  ({ list }) => list.replace('/api', '/API'),
  ({ list }) => `/${list}`,
  ({ list }) => `${list}/`,
  ({ list }) => `${list}/?limit=1`,
  ({ list }) => `${list};x=1`,
  ({ list }) => list.replace('/tasks', '%2Ftasks'),
  ({ list }) => `${list}/../tasks`,
  ({ list }) => `${list}/../../other/tasks`,
  ({ list }) => list.replaceAll('/', '\\').replace('\\', '/'),
  ({ task }) => `${task}/`,
  ({ task }) => `${task}/nope`,
  ({ task }) => `${task}/Complete`,
  ({ task }) => `${task}/complete/`,
  () => `/${CANARY}`,
  () => '*',
];

export const REFUSED_PATHS: readonly Row[] = [
  ...OWNERS.map((owner) => read(`the owner ${owner}`, `/api/${owner}/tasks`, { ...invalid, faults: ['?user_id'] })),
  read('no owner', '/api//tasks', { ...invalid, faults: ['?user_id'] }),
  read('an owner of 256 characters', `/api/${CANARY.padEnd(256, 'x')}/tasks`, { ...invalid, faults: ['?user_id'] }),
  read('an owner of 256 encoded characters', `/api/${'%41'.repeat(256)}/tasks`, { ...invalid, faults: ['?user_id'] }),
  read('an owner of 5,000 characters', `/api/${CANARY.padEnd(5_000, 'x')}/tasks`, { ...invalid, faults: ['?user_id'] }),
  ...['%', '%zz', '%ff', '%c0%ae', '%ed%a0%80', 'a%2'].map((owner) =>
    read(`the owner ${owner}, which is no UTF-8`, `/api/${owner}/tasks`, { ...invalid, faults: ['?path'] }),
  ),
  ...IDS.flatMap((id) =>
    ON_A_TASK.map(
      ([what, bytes]): Row => ({
        name: `${what} of the id ${id}`,
        bytes: ({ list }) => bytes(`${list}/${id}`),
        ...invalid,
        faults: ['?id'],
      }),
    ),
  ),
  ...ON_A_TASK.flatMap(([what, bytes]): Row[] => [
    {
      name: `${what} of the nil UUID`,
      bytes: ({ list }) => bytes(`${list}/00000000-0000-0000-0000-000000000000`),
      status: 404,
      code: 'task-not-found',
    },
    {
      name: `${what} of another owner's task`,
      bytes: ({ list, foreignId }) => bytes(`${list}/${foreignId}`),
      status: 404,
      code: 'task-not-found',
    },
  ]),
  ...NO_PATHS.flatMap((path) =>
    ['GET', 'POST'].map(
      (method): Row => ({
        name: `${method} ${path({ list: '/api/a/tasks', task: '/api/a/tasks/1' } as Target)}`,
        bytes: (target) => request(method, path(target), method === 'POST' ? { body: `{"title":"${CANARY}"}` } : {}),
        ...noRoute,
      }),
    ),
  ),
  {
    name: 'a fragment',
    bytes: ({ list }) => request('GET', `${list}#${CANARY}`),
    ...invalid,
    faults: ['?path'],
  },
  read('a path that is too long and no UTF-8', `/%zz${'x'.repeat(9_000)}`, { status: 414, code: 'uri-too-long' }),
  ...[9_000, 15_000, 20_000, 60_000].flatMap((length): Row[] => [
    {
      name: `a path of ${length} bytes`,
      bytes: () => request('GET', `/${CANARY.padEnd(length, 'x')}`),
      status: 414,
      code: 'uri-too-long',
      closes: length > 32_768,
    },
    {
      name: `a query of ${length} bytes`,
      bytes: ({ list }) => request('GET', `${list}?q=${CANARY.padEnd(length, 'x')}`),
      status: 414,
      code: 'uri-too-long',
      closes: length > 32_768,
    },
  ]),
];
