import type { Bytes } from '../../support/raw-connection.ts';

/** Stands in whatever is sent, and in what another owner has stored: no answer may contain it. */
export const CANARY = 'c4nary';

/** What a row is about: an owner of its own with one task at revision 1, and a task that belongs to somebody else. */
export interface Target {
  readonly list: string;
  readonly task: string;
  readonly id: string;
  readonly foreignId: string;
  readonly foreignCursor: string;
}

/** A request that must be refused, whatever else it does. */
export interface Row {
  readonly name: string;
  readonly bytes: (target: Target) => Bytes;
  readonly status: number;
  readonly code: string;
  /** Where the faults are, as `pointer`, `?parameter` or `header:`, when it matters. */
  readonly faults?: readonly string[];
  /** Whether the connection is closed because nobody can tell where the next request begins. */
  readonly closes?: boolean;
}

export interface Parts {
  readonly headers?: readonly string[];
  readonly type?: string;
  readonly body?: Bytes;
}

export const JSON_TYPE = 'Content-Type: application/json';

/** A request as it goes over the wire. A body is JSON and has its length, unless the parts say otherwise. */
export function request(method: string, path: string, { headers = [], type = JSON_TYPE, body }: Parts = {}): Buffer {
  const describing = body === undefined ? [] : [type, `Content-Length: ${Buffer.byteLength(body)}`];
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: a', `X-Note: ${CANARY}`, ...describing, ...headers, '', ''];
  return Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), bytesOf(body)]);
}

export const bytesOf = (body: Bytes | undefined): Buffer =>
  typeof body === 'string' ? Buffer.from(body) : (body ?? Buffer.alloc(0));

/** The same body in chunks of one size. */
export function chunked(body: string, size: number): string {
  const chunks = body.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
  return [...chunks, ''].map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');
}

/** The writes that take all three fields: what is wrong with one of them is wrong for each of these. */
export const WRITES: readonly (readonly [method: string, path: (target: Target) => string])[] = [
  ['POST', ({ list }) => list],
  ['PUT', ({ task }) => task],
  ['PATCH', ({ task }) => task],
];

/** A body that would be valid but for one member, given as it is written. */
export function bodyWith(member: string, literal: Bytes): Buffer {
  const members: Record<string, Bytes> = { title: '"a"', description: 'null', completed: 'true', [member]: literal };
  const parts = Object.entries(members).flatMap(([name, value], at) => [`${at === 0 ? '{' : ','}"${name}":`, value]);
  return Buffer.concat([...parts, '}'].map(bytesOf));
}

export const invalid = { status: 400, code: 'invalid-request' } as const;
export const unsupported = { status: 415, code: 'unsupported-media-type' } as const;
export const noRoute = { status: 404, code: 'route-not-found' } as const;
export const tooLarge = { status: 413, code: 'body-too-large', closes: true } as const;
