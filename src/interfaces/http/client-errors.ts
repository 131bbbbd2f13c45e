import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import { type Problem, problemJson, statusOf } from './problem.ts';
import { uriTooLong } from './request-guard.ts';

interface ClientError {
  readonly code?: string;
  readonly rawPacket?: unknown;
}

/** Answers what Node refuses before it is a request, and closes: where the next request would begin is not known. */
export function answerClientError(error: ClientError, socket: Socket, log: FastifyBaseLogger): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOf(error);
  const requestId = randomUUID();
  log.info({ reqId: requestId, status: statusOf(problem), code: error.code }, 'request refused');
  const body = problemJson(problem, requestId);
  socket.end(
    `HTTP/1.1 ${statusOf(problem)} ${STATUS_CODES[statusOf(problem)]}\r\n` +
      'Content-Type: application/problem+json\r\n' +
      `Content-Length: ${Buffer.byteLength(body)}\r\n` +
      `X-Request-Id: ${requestId}\r\n` +
      'X-Content-Type-Options: nosniff\r\n' +
      'Connection: close\r\n' +
      `\r\n${body}`,
  );
}

/** https://nodejs.org/api/http.html#event-clienterror; `HPE_` codes are those of the HTTP parser. */
function problemOf({ code, rawPacket }: ClientError): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return isRequestLine(rawPacket) ? uriTooLong : headersTooLarge;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { code: 'request-timeout', detail: 'The request did not arrive in time.' };
    default:
      return { code: 'invalid-request', detail: 'It is not well-formed HTTP.' };
  }
}

const headersTooLarge: Problem = { code: 'headers-too-large', detail: 'A header block has at most 16384 bytes.' };

/** The request line counts as a header for the parser: it is to blame when it alone is as long as what was read. */
const isRequestLine = (packet: unknown): boolean =>
  packet instanceof Buffer && !packet.subarray(0, 8_192).includes('\r\n');

/** An expectation other than `100-continue`, which Node would refuse without a body. */
export function answerExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const problem: Problem = {
    code: 'expectation-failed',
    detail: 'The only expectation that can be met is 100-continue.',
  };
  const requestId = randomUUID();
  const body = problemJson(problem, requestId);
  response.writeHead(statusOf(problem), {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'x-request-id': requestId,
    'x-content-type-options': 'nosniff',
    connection: 'close',
  });
  response.end(body);
}
