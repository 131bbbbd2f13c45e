import type { FastifyBodyParser, FastifyRequest } from 'fastify';
import { type Fault, MAX_FAULTS } from './problem.ts';

/** The bytes of a body are not the JSON object that they should be. */
export class InvalidBody extends Error {
  override readonly name = 'InvalidBody';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super('The body is not an acceptable JSON object');
    this.faults = faults;
  }
}

export class UnsupportedBody extends Error {
  override readonly name = 'UnsupportedBody';
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const OTHER_CHARSET = /;\s*charset(?!\s*=\s*(utf-8|"utf-8")\s*(;|$))/i;

/**
 * A content type parser for Fastify: the body as a JSON object, `undefined` if there is none. Fails with
 * `UnsupportedBody` when the headers say that it is anything but plain JSON in UTF-8, and with `InvalidBody` when it is
 * not well formed, or repeats a member: which one counts would be anybody's guess.
 */
export const parseJsonBody: FastifyBodyParser<Buffer> = (request, bytes, done) => {
  try {
    done(null, bodyOf(request, bytes));
  } catch (error) {
    done(error as Error);
  }
};

function bodyOf({ headers, raw }: FastifyRequest, bytes: Buffer): object | undefined {
  if (bytes.length === 0) return undefined;
  if (headers['content-encoding'] !== undefined || OTHER_CHARSET.test(headers['content-type'] ?? '')) {
    throw new UnsupportedBody('Bodies are JSON in UTF-8, not compressed');
  }
  if (countOf('content-type', raw.rawHeaders) > 1) throw new UnsupportedBody('Content-Type is given more than once');
  return parseObject(bytes);
}

export function countOf(header: string, rawHeaders: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]?.toLowerCase() === header) count++;
  return count;
}

function parseObject(bytes: Buffer): object {
  const text = decoded(bytes);
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('must be a JSON object');

  const repeated = repeatedMembers(text);
  if (repeated.length > 0) {
    throw new InvalidBody(repeated.map((pointer) => ({ pointer, detail: 'must not be repeated' })));
  }
  return value;
}

function decoded(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw invalid('must be UTF-8');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('must be JSON');
  }
}

const invalid = (detail: string) => new InvalidBody([{ pointer: '', detail }]);

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g;

/**
 * Pointers to the members of the outermost object that occur more than once in a text that is known to be JSON: the
 * parser keeps the last one and tells nobody. Nested objects need no look: no route allows one.
 */
function repeatedMembers(text: string): string[] {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  let depth = 0;
  let lastString = '""';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (token !== ':') lastString = token;
    else if (depth === 1) {
      const name: string = JSON.parse(lastString);
      (seen.has(name) ? repeated : seen).add(name);
    }
  }
  return [...repeated].slice(0, MAX_FAULTS).map(pointerTo);
}

/** RFC 6901, to a member that the client may have made up. */
export const pointerTo = (member: string): string =>
  `/${shortened(member).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** As much of a name that the client made up as is enough to know it by, and can be told in UTF-8. */
export const shortened = (name: string): string => [...name.slice(0, 128)].slice(0, 64).join('').toWellFormed();
