import type { Body } from './parts.ts';
import type { FuzzedRequest } from './requests.ts';

/** Whom a request means in a sequence that is about these owners. */
export const ownerOf = ({ owner }: FuzzedRequest, owners: readonly string[]): string =>
  typeof owner === 'number' ? String(owners[owner]) : owner;

/** The request as it goes over the wire. */
export function bytesOf(request: FuzzedRequest, owners: readonly string[]): Buffer {
  const { route, id, query, headers, type, body, encodesAll } = request;
  const owner = ownerOf(request, owners);
  const encoded = encodesAll ? encodeAll : encodeFew;
  const path = route.path.replace(':user_id', () => encoded(owner)).replace(':id', () => encoded(id));
  const parameters = query.map(([name, value]) => `${encodeFew(name)}=${encoded(value)}`);
  const text = textOf(body);
  const describing = [
    ...(type === undefined || !route.takesBody ? [] : [`Content-Type: ${type}`]),
    ...(text === undefined ? [] : [`Content-Length: ${Buffer.byteLength(text)}`]),
  ];
  const lines = [
    `${route.method} ${path}${parameters.length > 0 ? '?' : ''}${parameters.join('&')} HTTP/1.1`,
    'Host: a',
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...describing,
    '',
    '',
  ];
  return Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), Buffer.from(text ?? '')]);
}

/** An unpaired surrogate has no encoding, but bytes that some would take for one. */
const encodeFew = (text: string): string =>
  [...text].map((letter) => (letter.isWellFormed() ? encodeURIComponent(letter) : '%ED%A0%80')).join('');

const encodeAll = (text: string): string =>
  encodeFew(text).replaceAll(/(?<!%|%.)[^%]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);

function textOf(body: Body): string | undefined {
  if (body.kind === 'none') return undefined;
  if (body.kind === 'raw') return body.text;
  const literal = (value: unknown) => (body.escapes ? escaped(JSON.stringify(value)) : JSON.stringify(value));
  return `{${body.members.map(([name, value]) => `${literal(name)}:${literal(value)}`).join()}}`;
}

const escaped = (json: string): string =>
  json.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
