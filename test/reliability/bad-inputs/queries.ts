import { CANARY, invalid, type Row, request, type Target } from './row.ts';

const ON_LISTS = [
  ...[
    `${CANARY}=1`,
    'offset=5',
    'Limit=5',
    'limit[]=5',
    'limit[$gt]=5',
    'user_id=other',
    '__proto__=1',
    'toString=1',
    '=5',
    '%ff=1',
    '?limit=5',
  ],
  ...[
    'limit=5&limit=6',
    'limit=5&limit=5',
    'completed=true&completed=true',
    'q=a&q=b',
    'sort=created_at&sort=created_at',
  ],
  ...['limit=', 'limit', 'limit=abc', 'limit=-1', 'limit=0', 'limit=1001', 'limit=99999999999999999999'],
  ...[
    'limit=0x10',
    'limit=1e1',
    'limit=%205',
    'limit=5%20',
    'limit=5.0',
    'limit=%2B5',
    'limit=+5',
    'limit=05',
    'limit=٥',
    'limit=Infinity',
  ],
  ...['completed', 'deleted', 'count'].flatMap((flag) =>
    ['', '1', '0', 'TRUE', 'yes', 'true%00'].map((value) => `${flag}=${value}`),
  ),
  ...[
    'sort=title',
    'sort=--created_at',
    'sort=',
    'sort=%2Bcreated_at',
    'sort=created_at,updated_at',
    'sort=created_at;drop',
  ],
  ...['q=', 'q', `q=${CANARY.padEnd(201, 'x')}`, 'q=%00', 'q=%ff', 'q=%ed%a0%80', 'q=%', 'q=%f0%9f%98'],
  ...['cursor=', `cursor=${CANARY}`, 'cursor=%22', `cursor=${'A'.repeat(48)}`, `cursor=${'A'.repeat(7_000)}`],
];

const ON_CHANGES = [
  ...[`since=${CANARY}`, 'since=', 'since=-1', 'since=1.5', 'since=%20', 'since=01', 'since=1e1', 'since=1&since=1'],
  ...['limit=0', 'limit=1001', 'limit=1e1', 'snapshot=x', 'snapshot=-1'],
  ...['cursor=x', 'completed=true', 'Since=1', `${CANARY}=1`],
];

const nameOf = (query: string): string => {
  const [name = ''] = query.split('=');
  return name === '%ff' ? '\ufffd' : name;
};

const onPath = (what: string, path: (target: Target) => string, queries: readonly string[]): Row[] =>
  queries.map((query) => ({
    name: `${what}?${query}`,
    bytes: (target) => request('GET', `${path(target)}?${encodeRaw(query)}`),
    ...invalid,
    faults: [`?${nameOf(query)}`],
  }));

/** Nothing but ASCII gets past the parser of HTTP, which is a row of its own. */
const encodeRaw = (query: string): string => query.replaceAll(/[^\x20-\x7e]/g, encodeURIComponent);

/** The routes that have no parameters. */
const WITHOUT: readonly (readonly [string, (target: Target, query: string) => Buffer])[] = [
  ['create', ({ list }, query) => request('POST', `${list}${query}`, { body: '{"title":"a"}' })],
  ['read', ({ task }, query) => request('GET', `${task}${query}`)],
  [
    'replace',
    ({ task }, query) =>
      request('PUT', `${task}${query}`, { body: '{"title":"a","description":null,"completed":true}' }),
  ],
  ['change', ({ task }, query) => request('PATCH', `${task}${query}`, { body: '{"title":"a"}' })],
  ['delete', ({ task }, query) => request('DELETE', `${task}${query}`)],
  ['complete', ({ task }, query) => request('PATCH', `${task}/complete${query}`)],
  ['restore', ({ task }, query) => request('POST', `${task}/restore${query}`)],
];

export const REFUSED_QUERIES: readonly Row[] = [
  ...onPath('list', ({ list }) => list, ON_LISTS),
  ...onPath('changes', ({ list }) => `${list}/changes`, ON_CHANGES),
  ...WITHOUT.flatMap(([what, bytes]) =>
    ['limit', 'force', 'If-Match', 'user_id'].map(
      (name): Row => ({
        name: `${what}?${name}`,
        bytes: (target) => bytes(target, `?${name}=${CANARY}`),
        ...invalid,
        faults: [`?${name}`],
      }),
    ),
  ),
  {
    name: 'a cursor of another owner',
    bytes: ({ list, foreignCursor }) => request('GET', `${list}?cursor=${foreignCursor}`),
    ...invalid,
    faults: ['?cursor'],
  },
  {
    name: '4,000 times the same parameter',
    bytes: ({ list }) => request('GET', `${list}?${'a&'.repeat(4_000)}`),
    ...invalid,
    faults: ['?a'],
  },
  {
    name: '15,000 times the same parameter',
    bytes: ({ list }) => request('GET', `${list}?${'a&'.repeat(15_000)}`),
    status: 414,
    code: 'uri-too-long',
  },
  ...['2', '9007199254740993', '99999999999999999999999'].map((since) => ({
    name: `a since from the future, ${since}`,
    bytes: ({ list }: { list: string }) => request('GET', `${list}/changes?since=${since}`),
    status: 410,
    code: 'resync-required',
  })),
];
