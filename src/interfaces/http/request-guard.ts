import type { FastifyReply, FastifyRequest } from 'fastify';
import { countOf } from './json-body.ts';
import { invalidRequest, type Problem, sendProblem } from './problem.ts';

const MAX_TARGET_BYTES = 8_192;
const MAX_HEADER_BYTES = 16_384;
/** For the parser, which counts the target and the headers as one: what either may have is checked here. */
export const MAX_HEAD_BYTES = 2 * MAX_HEADER_BYTES;
const VERSIONS = ['1.1', '1.0'];

/** What every request must meet before any route or body is looked at. */
export function guardRequest(request: FastifyRequest, reply: FastifyReply, next: () => void): void {
  setCommonHeaders(reply);
  const problem = problemOfHead(request) ?? (isRoute(request) ? undefined : routeNotFound);
  if (problem !== undefined) return void sendProblem(reply, problem);
  // Some clients name a type for a body that they do not have.
  if (!hasBody(request)) delete request.headers['content-type'];
  next();
}

export function setCommonHeaders(reply: FastifyReply): void {
  reply.header('x-request-id', reply.request.id);
  reply.header('x-content-type-options', 'nosniff');
  reply.header('cache-control', 'private, no-cache');
}

/** What is wrong with a request whatever its route. */
export function problemOfHead({ raw }: FastifyRequest): Problem | undefined {
  const { url = '', rawHeaders, headers, httpVersion } = raw;
  if (!VERSIONS.includes(httpVersion)) return notWellFormed;
  if (url.length > MAX_TARGET_BYTES) return uriTooLong;
  if (sizeOf(rawHeaders) > MAX_HEADER_BYTES) return headersTooLarge;
  if (!isHostGiven(raw)) return invalidRequest([{ header: 'host', detail: 'must be given once' }]);
  // The parser takes the chunks of any list that ends with "chunked" for the body, whatever they were packed in before.
  if ((headers['transfer-encoding'] ?? 'chunked').toLowerCase() !== 'chunked') return unknownTransferCoding;
  if (url.includes('#')) return invalidRequest([{ parameter: 'path', detail: 'must not have a fragment' }]);
  return undefined;
}

/** RFC 9112, section 6.3. */
const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

function isHostGiven({ rawHeaders, httpVersion }: FastifyRequest['raw']): boolean {
  const hosts = countOf('host', rawHeaders);
  return hosts === 1 || (hosts === 0 && httpVersion === '1.0');
}

function isRoute({ is404, routeOptions, raw: { url = '' } }: FastifyRequest): boolean {
  // CORS brings a route for everything; and for the router, a trailing slash is followed by a parameter that is empty.
  if (is404 || routeOptions.url === '*') return false;
  const queryAt = url.indexOf('?');
  return !url.endsWith('/', queryAt === -1 ? undefined : queryAt);
}

/** Of a header block, in bytes. */
const sizeOf = (rawHeaders: readonly string[]): number =>
  rawHeaders.reduce((size, text) => size + text.length + ': '.length, 0);

export const notWellFormed: Problem = { code: 'invalid-request', detail: 'It is not well-formed HTTP.' };

const unknownTransferCoding = invalidRequest([{ header: 'transfer-encoding', detail: 'must be chunked' }]);

export const uriTooLong: Problem = {
  code: 'uri-too-long',
  detail: `A request target has at most ${MAX_TARGET_BYTES} bytes.`,
};

export const headersTooLarge: Problem = {
  code: 'headers-too-large',
  detail: `A header block has at most ${MAX_HEADER_BYTES} bytes.`,
};

export const routeNotFound: Problem = { code: 'route-not-found', detail: 'Nothing is served under this path.' };
