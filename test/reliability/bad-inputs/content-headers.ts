import { invalid, JSON_TYPE, type Row, request, unsupported, WRITES } from './row.ts';

export const REFUSED_CONTENT_HEADERS: readonly Row[] = [
  ...[
    ['no type', 'X-Type: none'],
    ['plain text', 'Content-Type: text/plain'],
    ['a form', 'Content-Type: application/x-www-form-urlencoded'],
    ['garbage after the type', 'Content-Type: application/json garbage'],
    ['another type that begins alike', 'Content-Type: application/jsonx'],
    ['a list of types', 'Content-Type: application/json, application/json'],
    ['another charset', 'Content-Type: application/json; charset=latin1'],
    ['another charset, quoted', 'Content-Type: application/json; charset="utf-16"'],
    ['two charsets', 'Content-Type: application/json; charset=utf-8; charset=latin1'],
    ['a charset in the other syntax', "Content-Type: application/json; charset*=utf-8''latin1"],
    ['a charset that begins alike', 'Content-Type: application/json; charset=utf-80'],
    ['another charset without a space', 'Content-Type: application/json;charset=latin1'],
    ['half a quoted charset', 'Content-Type: application/json; charset="utf-8'],
    ['no charset after all', 'Content-Type: application/json; charset='],
    ['two types', `${JSON_TYPE}\r\nContent-Type: text/plain`],
    ['gzip', `${JSON_TYPE}\r\nContent-Encoding: gzip`],
    ['identity', `${JSON_TYPE}\r\nContent-Encoding: identity`],
    ['an empty encoding', `${JSON_TYPE}\r\nContent-Encoding:`],
  ].flatMap(([name, type = '']) =>
    WRITES.map(
      ([method, path]): Row => ({
        name: `${method} of ${name}`,
        bytes: (target) =>
          request(method, path(target), { type, body: '{"title":"a","description":null,"completed":true}' }),
        ...unsupported,
      }),
    ),
  ),
  ...(['POST', 'PUT', 'complete'] as const).map(
    (what): Row => ({
      name: `a merge patch by ${what}`,
      bytes: ({ list, task }) => {
        const type = 'Content-Type: application/merge-patch+json';
        if (what === 'POST') return request('POST', list, { type, body: '{"title":"a"}' });
        if (what === 'complete') return request('PATCH', `${task}/complete`, { type, body: '{"completed":true}' });
        return request('PUT', task, { type, body: '{"title":"a","description":null,"completed":true}' });
      },
      ...unsupported,
    }),
  ),
  ...['  application/json', 'application/json\t;x=1'].map(
    (type): Row => ({
      name: `an invalid body of type ${JSON.stringify(type)}`,
      bytes: ({ list }) => request('POST', list, { type: `Content-Type: ${type}`, body: '{"title":5}' }),
      ...invalid,
    }),
  ),
];
