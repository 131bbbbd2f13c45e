import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import type { RequestMetrics } from './observers.ts';
import { type Problem, problemJson, statusOf } from './problem.ts';
import { headersTooLarge, notWellFormed, uriTooLong } from './request-guard.ts';

interface ClientError {
  readonly code?: string;
  readonly rawPacket?: unknown;
}

/** Answers what Node refuses before it is a request, and closes: where the next request would begin is not known. */
export class ClientErrors {
  readonly #log: FastifyBaseLogger;
  readonly #metrics: RequestMetrics | undefined;
  /** The answers that are still to be given on a connection, in their order, and the latest one in any case. */
  readonly #answers = new WeakMap<Socket, readonly ServerResponse[]>();
  /** What follows a refused request on its connection is not looked at, but Node reports it all the same. */
  readonly #refused = new WeakSet<Socket>();

  constructor(log: FastifyBaseLogger, metrics?: RequestMetrics) {
    this.#log = log;
    this.#metrics = metrics;
  }

  /** Must be told of every request, because what is refused must not overtake what was accepted. */
  expectAnswer({ socket }: IncomingMessage, response: ServerResponse): void {
    const earlier = this.#answers.get(socket)?.filter(({ writableFinished }) => !writableFinished) ?? [];
    this.#answers.set(socket, [...earlier, response]);
  }

  refuse(error: ClientError, socket: Socket): void {
    if (this.#refused.has(socket)) return;
    this.#refused.add(socket);
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }

    const answers = this.#answers.get(socket) ?? [];
    const latest = answers.at(-1);
    // Of a request that was answered before it had arrived whole, the rest gets no answer of its own.
    const isRest = latest?.req.complete === false;
    const isAnswered = isRest && latest.headersSent;
    const end = isAnswered ? () => socket.end() : () => this.#sendRefusal(error, socket);

    const toBeAwaited = isRest && !isAnswered ? answers.slice(0, -1) : answers;
    const last = toBeAwaited.filter(({ writableFinished }) => !writableFinished).at(-1);
    if (last === undefined) end();
    else last.once('close', end);
  }

  #sendRefusal(error: ClientError, socket: Socket): void {
    if (!socket.writable) return;
    const problem = problemOf(error);
    const requestId = this.#tell(problem, error.code);
    const body = problemJson(problem, requestId);
    socket.end(
      `HTTP/1.1 ${statusOf(problem)} ${STATUS_CODES[statusOf(problem)]}\r\n` +
        'Content-Type: application/problem+json\r\n' +
        `Content-Length: ${Buffer.byteLength(body)}\r\n` +
        `Date: ${new Date().toUTCString()}\r\n` +
        'Cache-Control: private, no-cache\r\n' +
        `X-Request-Id: ${requestId}\r\n` +
        'X-Content-Type-Options: nosniff\r\n' +
        'Connection: close\r\n' +
        `\r\n${body}`,
    );
  }

  /** @returns the request id under which it was logged */
  #tell(problem: Problem, code?: string): string {
    const requestId = randomUUID();
    this.#metrics?.refused(statusOf(problem));
    this.#log.info({ reqId: requestId, status: statusOf(problem), code }, 'request refused');
    return requestId;
  }

  /** An expectation other than `100-continue`, which Node would refuse without a body. */
  refuseExpectation(request: IncomingMessage, response: ServerResponse): void {
    this.expectAnswer(request, response);
    this.#refused.add(request.socket);
    const requestId = this.#tell(expectationFailed);
    const body = problemJson(expectationFailed, requestId);
    response.writeHead(statusOf(expectationFailed), {
      'content-type': 'application/problem+json',
      'content-length': Buffer.byteLength(body),
      'cache-control': 'private, no-cache',
      'x-request-id': requestId,
      'x-content-type-options': 'nosniff',
      connection: 'close',
    });
    response.end(body);
  }
}

/** https://nodejs.org/api/http.html#event-clienterror; `HPE_` codes are those of the HTTP parser. */
function problemOf({ code, rawPacket }: ClientError): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return isRequestLine(rawPacket) ? uriTooLong : headersTooLarge;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return requestTimeout;
    default:
      return notWellFormed;
  }
}

/** The request line counts as a header for the parser: it is to blame when nothing else came with it. */
const isRequestLine = (packet: unknown): boolean =>
  packet instanceof Buffer && /^[A-Z-]+ [^\r\n]{8192}/.test(packet.toString('latin1', 0, 16_384));

export const requestTimeout: Problem = { code: 'request-timeout', detail: 'The request did not arrive in time.' };

export const expectationFailed: Problem = {
  code: 'expectation-failed',
  detail: 'The only expectation that can be met is 100-continue.',
};
