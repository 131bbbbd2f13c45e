import type { Body } from './parts.ts';
import { type FuzzedRequest, hasBody } from './requests.ts';

/**
 * What the contract says about a request, decided anew and with nothing of what the service decides it by.
 *
 * @returns what is wrong with it: nothing, if it must be accepted
 */
export function faultsOf(request: FuzzedRequest): ('type' | 'value')[] {
  const { route, owner, id, query, headers, type, body } = request;
  const { method, path } = route;
  const isSent = hasBody(request);
  const checks: readonly (readonly ['type' | 'value', boolean])[] = [
    ['value', typeof owner === 'number' || isOwner(owner)],
    ['value', !path.includes(':id') || isUuid(id)],
    ['type', !isSent || isType(type, method === 'PATCH' && path.endsWith(':id'))],
    ['value', isBody(isSent ? body : undefined, method, path)],
    ['value', isQuery(query, path)],
    ['value', headers.every(([name, value]) => isHeader(name, value))],
    ['value', !(names(body).includes('id') && headers.some(([name]) => name === 'Idempotency-Key'))],
  ];
  return checks.filter(([, isRight]) => !isRight).map(([kind]) => kind);
}

const names = (body: Body): string[] => (body.kind === 'members' ? body.members.map(([name]) => name) : []);

const OWNER_LETTERS = new Set('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~@:|+=-');
const isOwner = (text: string): boolean =>
  text.length >= 1 &&
  text.length <= 255 &&
  [...text].every((c) => OWNER_LETTERS.has(c)) &&
  text !== '.' &&
  text !== '..';

const isUuid = (value: unknown): boolean =>
  typeof value === 'string' &&
  value.length === 36 &&
  value
    .split('-')
    .map(({ length }) => length)
    .join() === '8,4,4,4,12' &&
  [...value].every((c) => '-0123456789abcdefABCDEF'.includes(c));

function isType(type: string | undefined, isMergePatch: boolean): boolean {
  const [media = '', ...parameters] = (type ?? '').toLowerCase().replaceAll(' ', '').split(';');
  const isMedia = media === 'application/json' || (isMergePatch && media === 'application/merge-patch+json');
  // Without its spaces, garbage behind the type would be part of it.
  return isMedia && parameters.every((parameter) => ['charset=utf-8', 'charset="utf-8"'].includes(parameter));
}

function isBody(body: Body | undefined, method: string, path: string): boolean {
  const mayLack = path.endsWith('/complete') || path.endsWith('/restore') || method === 'DELETE' || method === 'GET';
  if (body === undefined || body.kind === 'none') return mayLack;
  if (body.kind === 'raw') return body.text === '\ufeff{}' && isObject([], method, path);
  return isObject(body.members, method, path);
}

function isObject(members: readonly (readonly [string, unknown])[], method: string, path: string): boolean {
  const object = new Map(members);
  if (object.size !== members.length) return false;
  const has = (...wanted: string[]) => wanted.every((name) => object.has(name));
  const knows = (...known: string[]) => [...object.keys()].every((name) => known.includes(name));
  const fits = [...object].every(([name, value]) => isMember(name, value));
  if (path.endsWith('/complete')) return fits && knows('completed') && has('completed');
  if (path.endsWith('/restore') || method === 'DELETE') return object.size === 0;
  if (method === 'PUT') return fits && knows('title', 'description', 'completed') && object.size === 3;
  if (method === 'PATCH') return fits && knows('title', 'description', 'completed') && object.size > 0;
  return fits && knows('title', 'description', 'completed', 'id') && has('title');
}

function isMember(name: string, value: unknown): boolean {
  switch (name) {
    case 'title':
      return isText(value, 255) && [...String(value)].some(isVisible);
    case 'description':
      return value === null || isText(value, 4_000);
    case 'completed':
      return value === true || value === false;
    default:
      return isUuid(value);
  }
}

function isText(value: unknown, most: number): boolean {
  if (typeof value !== 'string') return false;
  const points = [...value].map((c) => c.codePointAt(0) ?? 0);
  return points.length <= most && points.every((point) => point !== 0 && (point < 0xd800 || point > 0xdfff));
}

/** First and last of the code points that Unicode calls White_Space or Default_Ignorable_Code_Point. */
const INVISIBLE: readonly (readonly [number, number])[] = [
  ...([
    [0x9, 0xd],
    [0x20, 0x20],
    [0x85, 0x85],
    [0xa0, 0xa0],
    [0x1680, 0x1680],
    [0x2000, 0x200a],
  ] as const),
  ...([
    [0x2028, 0x2029],
    [0x202f, 0x202f],
    [0x205f, 0x205f],
    [0x3000, 0x3000],
  ] as const),
  ...([
    [0xad, 0xad],
    [0x34f, 0x34f],
    [0x61c, 0x61c],
    [0x115f, 0x1160],
    [0x17b4, 0x17b5],
    [0x180b, 0x180f],
  ] as const),
  ...([
    [0x200b, 0x200f],
    [0x202a, 0x202e],
    [0x2060, 0x206f],
    [0x3164, 0x3164],
    [0xfe00, 0xfe0f],
    [0xfeff, 0xfeff],
  ] as const),
  ...([
    [0xffa0, 0xffa0],
    [0xfff0, 0xfff8],
    [0x1bca0, 0x1bca3],
    [0x1d173, 0x1d17a],
    [0xe0000, 0xe0fff],
  ] as const),
];

const isVisible = (c: string): boolean => {
  const point = c.codePointAt(0) ?? 0;
  return !INVISIBLE.some(([first, last]) => point >= first && point <= last);
};

function isQuery(query: readonly (readonly [string, string])[], path: string): boolean {
  if (new Set(query.map(([name]) => name)).size !== query.length) return false;
  const known = path.endsWith('/changes') ? CHANGES : path.endsWith('/tasks') ? LIST : {};
  return query.every(([name, value]) => Object.hasOwn(known, name) && known[name]?.(value) === true);
}

type Check = (value: string) => boolean;
const isFlag: Check = (value) => value === 'true' || value === 'false';
const isLimit: Check = (value) =>
  String(Number(value)) === value && Number(value) >= 1 && Number(value) <= 1_000 && !value.includes('.');
const isRevision: Check = (value) =>
  String(Number(value)) === value && Number.isSafeInteger(Number(value)) && Number(value) >= 0;
const CHANGES: Record<string, Check> = { since: isRevision, snapshot: isRevision, limit: isLimit };
const LIST: Record<string, Check> = {
  completed: isFlag,
  deleted: isFlag,
  count: isFlag,
  limit: isLimit,
  q: (value) => value !== '' && isText(value, 200),
  sort: (value) => ['created_at', '-created_at', 'updated_at', '-updated_at'].includes(value),
  // Those that the service makes are followed elsewhere: here all are made up.
  cursor: () => false,
};

function isHeader(name: string, value: string): boolean {
  if (name === 'If-Match' || name === 'If-None-Match') {
    return value === '*' || value.split(', ').every((tag) => /^(W\/)?"[a-z0-9]*"$/.test(tag));
  }
  if (name !== 'Idempotency-Key') return true;
  const key = value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
  return key.length >= 1 && key.length <= 255 && [...key].every((c) => c > ' ' && c <= '~' && c !== '"');
}
