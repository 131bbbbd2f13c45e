import { request } from '../bad-inputs/row.ts';
import { OF_A_LIST, OF_A_TASK } from './probes.ts';

/** What somebody may try who is after the tasks of an owner, one of which has this id. */
export const injectionsFor = (owner: string, id: string): readonly string[] => [
  owner,
  id,
  `' or user_id='${owner}' --`,
  `' or '1'='1`,
  `") or ("1"="1`,
  `x'; update tasks set user_id='intruder' where user_id='${owner}'; --`,
  `\\'; select * from tasks; --`,
  `x' union select * from tasks --`,
  `$1`,
  `?`,
  `:owner`,
  '%',
  '_',
  '*',
  `{"user_id":"${owner}"}`,
  `{"$ne":null}`,
  `../${owner}`,
  `${owner}\u0000`,
  `x\r\nX-User-Id: ${owner}`,
  '${jndi:ldap://x}',
];

const printable = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '.');

/** Every place of every route into which a text can be put, for one who works on a list and a task of his own. */
export function attemptsWith(text: string, list: string, ownId: string): Buffer[] {
  const [segment, header] = [encodeURIComponent(text), printable(text)];
  const literal = JSON.stringify(text);
  const headers = [
    `X-User-Id: ${header}`,
    `Authorization: Bearer ${header}`,
    `Cookie: user_id=${header}`,
    `X-Forwarded-User: ${header}`,
    `X-Original-URL: /api/${segment}/tasks`,
    `X-HTTP-Method-Override: ${header}`,
  ];
  return [
    ...[...OF_A_LIST, ...OF_A_TASK].flatMap(({ bytes }) => [
      bytes(`/api/${segment}/tasks`, ownId),
      bytes(list, segment),
      bytes(list, ownId, { headers }),
      bytes(list, ownId, { query: `?user_id=${segment}` }),
      bytes(list, ownId, { headers: [`If-Match: "${header.replaceAll('"', '')}"`] }),
      bytes(list, ownId, { headers: [`If-None-Match: "${header.replaceAll('"', '')}"`] }),
    ]),
    ...['q', 'sort', 'cursor', 'limit', 'completed', 'deleted', 'count'].map((name) =>
      request('GET', `${list}?${name}=${segment}`),
    ),
    ...['since', 'limit', 'snapshot'].map((name) => request('GET', `${list}/changes?${name}=${segment}`)),
    request('POST', list, { headers: [`Idempotency-Key: ${header}`], body: '{"title":"a"}' }),
    request('POST', list, { body: `{"title":${literal},"description":${literal}}` }),
    request('POST', list, { body: `{"title":"a","id":${literal}}` }),
    request('POST', list, { body: `{"title":"a","user_id":${literal}}` }),
    request('POST', list, { body: `{"title":"a",${literal}:1}` }),
    request('PATCH', `${list}/${ownId}`, { body: `{"title":${literal}}` }),
    request('PATCH', `${list}/${ownId}`, { body: `{"user_id":${literal}}` }),
  ];
}
