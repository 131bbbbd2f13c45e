import type { Bytes } from '../../support/raw-connection.ts';
import { bodyWith, CANARY, chunked, invalid, JSON_TYPE, type Row, request, tooLarge, WRITES } from './row.ts';

const LIMIT = 65_536;

const created = (name: string, body: Bytes, faults: readonly string[]): Row => ({
  name,
  bytes: ({ list }) => request('POST', list, { body }),
  ...invalid,
  faults,
});

const everyWrite = (name: string, body: Bytes, faults?: readonly string[]): Row[] =>
  WRITES.map(([method, path]) => ({
    name: `${method} with ${name}`,
    bytes: (target) => request(method, path(target), { body }),
    ...invalid,
    ...(faults && { faults }),
  }));

const nested = (levels: number) => bodyWith('title', '['.repeat(levels) + ']'.repeat(levels)).toString();
const members = (count: number) => `{"title":"a",${Array.from({ length: count }, (_, n) => `"k${n}":1`).join()}}`;

export const REFUSED_BODIES: readonly Row[] = [
  created('a create without a title', '{}', ['/title']),
  ...['title', 'description', 'completed'].map((missing): Row => {
    const { [missing]: _, ...rest } = { title: 'a', description: null, completed: true } as Record<string, unknown>;
    return {
      name: `PUT without ${missing}`,
      bytes: ({ task }) => request('PUT', task, { body: JSON.stringify(rest) }),
      ...invalid,
      faults: [`/${missing}`],
    };
  }),
  {
    name: 'PATCH that names nothing',
    bytes: ({ task }) => request('PATCH', task, { body: '{}' }),
    ...invalid,
    faults: [''],
  },
  ...['user_id', 'created_at', 'updated_at', 'completed_at', 'revision', 'deleted_at', 'is_admin', 'Title', ''].flatMap(
    (name) =>
      everyWrite(
        `the unknown member "${name}"`,
        JSON.stringify({ title: 'a', description: null, completed: true, [name]: CANARY }),
        [`/${name}`],
      ),
  ),
  ...['PUT', 'PATCH'].map(
    (method): Row => ({
      name: `${method} with an id`,
      bytes: ({ task, id }) =>
        request(method, task, { body: JSON.stringify({ title: 'a', description: null, completed: true, id }) }),
      ...invalid,
      faults: ['/id'],
    }),
  ),
  created('unknown members, all of which are named', `{"title":"a","x":"${CANARY}","y":1}`, ['/x', '/y']),
  created('a member with a slash and a tilde', '{"title":"a","a/b~c":1}', ['/a~1b~0c']),
  ...[
    `"${CANARY}"`,
    'null',
    '""',
    '1',
    '"01938f5e7c1a7d3e9a410f6d2b7c9e10"',
    '"{01938f5e-7c1a-7d3e-9a41-0f6d2b7c9e10}"',
  ].map((id) => created(`a create with the id ${id}`, `{"title":"a","id":${id}}`, ['/id'])),
  ...everyWrite('a repeated member', '{"title":"a","title":"b","description":null,"completed":true}', ['/title']),
  ...everyWrite(
    'a repeated member in another spelling',
    '{"title":"a","description":null,"completed":true,"\\u0074itle":"a"}',
    ['/title'],
  ),
  created('a member that is repeated after a list', '{"x":[1],"title":"a","title":"b"}', ['/title']),
  created('a member that is repeated after an object', '{"x":{"y":1},"title":"a","title":"b"}', ['/title']),
  created('a member that is repeated after braces in a text', '{"title":"{[\\"","title":"}:"}', ['/title']),
  created('a name that an object within has too', '{"x":{"title":"a"},"title":"b"}', ['/x']),
  created('a name that an object in a list has too', '{"title":"b","x":[{"title":"a"}]}', ['/x']),
  created('a text that is a name too', '{"title":"title","x":"title"}', ['/x']),
  created('a member whose name is no text', '{"title":"a","\\ud800":1}', ['/\ufffd']),
  created('__proto__', `{"title":"a","__proto__":{"polluted":"${CANARY}"}}`, ['/__proto__']),
  created('__proto__ in the place of all', `{"__proto__":{"title":"${CANARY}"}}`, ['/title', '/__proto__']),
  created('__proto__ in another spelling', '{"title":"a","\\u005f_proto__":{"polluted":1}}', ['/__proto__']),
  created('constructor.prototype', '{"title":"a","constructor":{"prototype":{"polluted":1}}}', ['/constructor']),
  ...everyWrite('30,000 levels', nested(30_000), ['/title']),
  ...everyWrite('5,000 unknown members', members(5_000)),
  ...everyWrite('200 repeated members', members(200).replace('}', members(200).replace('{', ','))),
  ...[
    ['a trailing comma', `{"title":"${CANARY}",}`],
    ['a comment', `{"title":"a"} // ${CANARY}`],
    ['single quotes', `{'title':'${CANARY}'}`],
    ['two documents', '{"title":"a"}{"title":"b"}'],
    ['two lines of documents', '{"title":"a"}\n{"title":"b"}\n'],
    ['a list', `[{"title":"${CANARY}"}]`],
    ['text', `"${CANARY}"`],
    ['null', 'null'],
    ['NaN', '{"title":NaN}'],
    ['white space', ' \n'],
    ['half a document', `{"title":"${CANARY}`],
    ['two byte order marks', '\ufeff\ufeff{"title":"a"}'],
    ['UTF-16', Buffer.from('\ufeff{"title":"a"}', 'utf16le')],
  ].flatMap(([name, body]) => everyWrite(String(name), body as Bytes, [''])),
  ...WRITES.map(
    ([method, path]): Row => ({
      name: `${method} without a body`,
      bytes: (target) => request(method, path(target)),
      ...invalid,
      faults: [''],
    }),
  ),
  ...[
    ['200,000 levels', nested(200_000)],
    ['60,000 members', members(60_000)],
    ['1 MiB of text', `{"title":"${'x'.repeat(1_048_576)}"}`],
    ['one byte too many', `{"title":"a"${' '.repeat(LIMIT - 12)}}`],
  ].map(
    ([name, body]): Row => ({
      name: String(name),
      bytes: ({ list }) => request('POST', list, { body: String(body) }),
      ...tooLarge,
    }),
  ),
  {
    name: 'a length of 10 GB, of which nothing comes',
    bytes: ({ list }) => request('POST', list, { headers: [JSON_TYPE, 'Content-Length: 10000000000'] }),
    ...tooLarge,
  },
  {
    name: 'one byte too many, in chunks',
    bytes: ({ list }) => {
      const head = request('POST', list, { headers: [JSON_TYPE, 'Transfer-Encoding: chunked'] });
      return Buffer.concat([head, Buffer.from(chunked(`{"title":"a"${' '.repeat(LIMIT - 12)}}`, 4_096))]);
    },
    ...tooLarge,
  },
  ...['restore', 'delete'].map(
    (what): Row => ({
      name: `${what} with a body that says more than nothing`,
      bytes: ({ task }) =>
        request(what === 'delete' ? 'DELETE' : 'POST', what === 'delete' ? task : `${task}/restore`, {
          body: '{"completed":true}',
        }),
      ...invalid,
      faults: ['/completed'],
    }),
  ),
];
