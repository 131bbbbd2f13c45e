import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { UserId } from '../../../domain/ids.ts';
import type { RequestMetrics, ShedReason } from '../observers.ts';
import { type Problem, sendProblem, tooManyRequests, tooManyResponseBytes, unavailableAfter } from '../problem.ts';
import { Admission } from './admission.ts';
import { Call } from './call.ts';
import { DeadlineExceeded, discardLaterReplies } from './deadline.ts';
import type { Limits } from './limits.ts';
import { connectionOf } from './pipelining.ts';
import { countedBytes, pageBytes, ResponseBytes } from './response-bytes.ts';
import { ShedLog } from './shed-log.ts';
import { SlowReaders } from './slow-readers.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Items on a page, unless the query has a `limit`. Only routes that respond with a page have it. */
    pageSize?: number;
  }
}

type PreHandler = (request: FastifyRequest, reply: FastifyReply, next: () => void) => void;

/** Applies all limits to all requests: deadline, admission by user, pipelining, response bytes and slow readers. */
export class RequestLimits {
  readonly #deadlineMs: number;
  readonly #admission: Admission;
  readonly #bytes: ResponseBytes;
  readonly #slowReaders: SlowReaders;
  readonly #shedLog: ShedLog;

  constructor(limits: Limits, log: FastifyBaseLogger, metrics: RequestMetrics | undefined) {
    this.#deadlineMs = limits.deadlineMs;
    this.#admission = new Admission(limits, (call) => this.#shed(call, 'service-limit', tooManyRequests()));
    this.#bytes = new ResponseBytes(limits.responseBytes);
    this.#slowReaders = new SlowReaders(limits.slowReader);
    this.#shedLog = new ShedLog(log, metrics);
    metrics?.watch(() => ({ waiting: this.#admission.waiting, unsentBytes: this.#bytes.total }));
  }

  /** Must be called before routes are registered. */
  register(http: FastifyInstance): void {
    http.decorateRequest('call', undefined as unknown as Call);
    http.addHook('onRequest', (request, reply, next) => {
      this.#begin(request, reply);
      next();
    });
    // After the hooks of the route, so that an invalid request is 400 and not counted.
    http.addHook('onRoute', (route) => {
      route.preHandler = [...[route.preHandler ?? []].flat(), this.#admitTo(route)];
    });
    http.addHook('onSend', ({ call }, _reply, payload, next) => {
      this.#respond(call, payload);
      next(null, payload);
    });
  }

  #begin(request: FastifyRequest, reply: FastifyReply): void {
    const { socket } = request.raw;
    const call = new Call(reply, socket, connectionOf(socket, this.#close));
    request.call = call;
    call.deadline = setTimeout(this.#giveUp, this.#deadlineMs, call);
    call.connection.add(call);
    reply.raw.on('close', () => this.#close(call));
  }

  #admitTo({ config }: RouteOptions): PreHandler {
    const pageSize = config?.pageSize;
    return ({ call, params, query }, _reply, next) => {
      const { user_id } = params as { user_id?: UserId };
      const limit = pageSize && Number((query as { limit?: string }).limit ?? pageSize);
      if (user_id === undefined || call.aborted || this.#admit(call, user_id, limit ?? 0)) {
        call.connection.run(call, next);
      }
    };
  }

  #admit(call: Call, userId: UserId, limit: number): boolean {
    const bytes = pageBytes(limit);
    if (!this.#bytes.allows(userId, bytes)) {
      this.#shed(call, 'response-bytes', tooManyResponseBytes());
      return false;
    }
    const rejection = this.#admission.admit(call, userId);
    if (rejection === undefined) this.#bytes.set(call, bytes);
    else if (rejection === 'overloaded')
      this.#shed(call, 'service-limit', unavailableAfter(1, call.reply.request.method));
    else this.#shed(call, rejection, tooManyRequests());
    return rejection === undefined;
  }

  #shed(call: Call, reason: ShedReason, problem: Problem): void {
    this.#shedLog.count(reason);
    sendProblem(call.reply, problem);
    discardLaterReplies(call.reply);
  }

  readonly #giveUp = (call: Call): void => {
    const { reply, aborted, hasSent } = call;
    if (!aborted && !hasSent && this.#admission.exceedsShare(call)) {
      this.#shed(call, 'deadline', tooManyRequests());
    } else {
      reply.send(new DeadlineExceeded('The handler did not respond before the deadline'));
      discardLaterReplies(reply);
    }
  };

  /** @param call `undefined` where the URL is not valid */
  #respond(call: Call | undefined, payload: unknown): void {
    if (call === undefined) return;
    clearTimeout(call.deadline);
    this.#end(call);
    if (call.isClosed) return;
    const bytes = countedBytes(payload);
    this.#bytes.set(call, bytes);
    if (bytes > 0) this.#slowReaders.watch(call);
  }

  /** Node.js does not emit `close` for a response that waits for earlier ones when the connection closes. */
  readonly #close = (call: Call): void => {
    if (call.isClosed) return;
    call.isClosed = true;
    call.hasClientLeft = !call.aborted;
    this.#end(call);
    this.#bytes.set(call, 0);
    this.#slowReaders.unwatch(call);
    call.connection.remove(call);
    // Ends a request that is held back: its use case rejects it as aborted.
    if (call.hasClientLeft) call.start?.();
  };

  #end(call: Call): void {
    if (call.aborted) return;
    call.aborted = true;
    this.#admission.release(call);
  }
}
