import { request } from '../bad-inputs/row.ts';

/** One of the routes for tasks, as a request about a list or a task on it, with more headers and a query if wanted. */
export interface Probe {
  readonly name: string;
  readonly bytes: (list: string, id: string, extra?: { query?: string; headers?: readonly string[] }) => Buffer;
}

const probe = (name: string, method: string, rest: (id: string) => string, body?: string): Probe => ({
  name,
  bytes: (list, id, { query = '', headers = [] } = {}) =>
    request(method, `${list}${rest(id)}${query}`, { headers, ...(body !== undefined && { body }) }),
});

export const OF_A_LIST: readonly Probe[] = [
  probe('list', 'GET', () => ''),
  probe('create', 'POST', () => '', '{"title":"taken"}'),
  probe('changes', 'GET', () => '/changes'),
];

export const OF_A_TASK: readonly Probe[] = [
  probe('read', 'GET', (id) => `/${id}`),
  probe('replace', 'PUT', (id) => `/${id}`, '{"title":"taken","description":null,"completed":true}'),
  probe('change', 'PATCH', (id) => `/${id}`, '{"title":"taken"}'),
  probe('complete', 'PATCH', (id) => `/${id}/complete`, '{"completed":true}'),
  probe('toggle', 'PATCH', (id) => `/${id}/complete`),
  probe('delete', 'DELETE', (id) => `/${id}`),
  probe('restore', 'POST', (id) => `/${id}/restore`),
];

const encodedAll = (text: string, digits: (hex: string) => string): string =>
  [...text].map((letter) => `%${digits(letter.charCodeAt(0).toString(16))}`).join('');

/** How else the name of one owner may stand in a path. */
export const SPELLINGS: readonly (readonly [what: string, segmentOf: (owner: string) => string])[] = [
  ['plain', (owner) => owner],
  ['encoded as little as a client may', (owner) => encodeURIComponent(owner)],
  ['encoded letter by letter', (owner) => encodedAll(owner, (hex) => hex)],
  ['encoded in capitals', (owner) => encodedAll(owner, (hex) => hex.toUpperCase())],
  ['encoded in part', (owner) => owner.replace('a', '%61').replace('@', '%40')],
];

/** Owners whom somebody could take for the one that is given, and who are not. */
export const LOOK_ALIKES: readonly (readonly [what: string, segmentOf: (owner: string) => string])[] = [
  ['a name of its own', (owner) => owner.split('owner-')[1] ?? ''],
  ['capitals', (owner) => owner.toUpperCase()],
  ['encoded capitals', (owner) => encodedAll(owner.toUpperCase(), (hex) => hex)],
  ['one letter more', (owner) => `${owner}.`],
  ['one letter less', (owner) => owner.slice(0, -1)],
  ['a colon for a bar', (owner) => owner.replace('|', ':')],
  ['a minus for a plus', (owner) => owner.replace('+', '-')],
  ['an encoded colon for a bar', (owner) => owner.replace('|', '%3A')],
  ['a tilde for an at', (owner) => owner.replace('@', '~')],
  ['the part before the bar', (owner) => owner.split('|')[0] ?? ''],
  ['a digit for a letter', (owner) => owner.replace('l', '1')],
];

/** What begins like the owner that is given, and is none. */
export const NO_OWNERS: readonly (readonly [what: string, segmentOf: (owner: string) => string])[] = [
  ['U+0000 at the end', (owner) => `${owner}%00`],
  ['a space at the end', (owner) => `${owner}%20`],
  ['a line feed at the end', (owner) => `${owner}%0a`],
  ['a space for the plus', (owner) => owner.replace('+', '%20')],
  ['an encoded slash', (owner) => `${owner}%2F`],
  ['a walk to it', (owner) => `x%2F..%2F${owner}`],
  ['encoded twice', (owner) => encodeURIComponent(encodeURIComponent(owner))],
  ['a Cyrillic letter', (owner) => owner.replace('a', '%D0%B0')],
  ['a zero-width space', (owner) => `${owner}%E2%80%8B`],
  ['a list of owners', (owner) => `${owner},x`],
  ['a pattern', (owner) => `${owner.slice(0, -1)}%25`],
];
