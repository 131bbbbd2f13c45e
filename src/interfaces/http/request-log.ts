import { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import type { RequestMetrics } from './observers.ts';

/** What is told of each request when it is over: to the log in one line, and to who counts. The route and not the path or the query, which may hold what a user wrote. */
export class RequestLog extends LogController {
  readonly #metrics: RequestMetrics | undefined;

  constructor(metrics?: RequestMetrics) {
    super();
    this.#metrics = metrics;
  }

  override incomingRequest(): void {}

  /** @param error of the socket, when the answer could not be sent whole */
  override requestCompleted(error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    this.#tell(request, reply, error ? { err: error } : undefined);
  }

  /** The framework does not tell of answers that nobody waits for any more. */
  tellOfClientsThatLeft(http: FastifyInstance): void {
    http.addHook('onSend', (request, reply, payload, next) => {
      if (reply.raw.destroyed || request.call?.hasClientLeft) this.#tell(request, reply, { left: true });
      next(null, payload);
    });
  }

  #tell(request: FastifyRequest, { statusCode: status, elapsedTime }: FastifyReply, more?: object): void {
    const { method, trace } = request;
    this.#metrics?.completed(request.routeOptions.url, method, status, elapsedTime);
    trace?.end(request.routeOptions.url, status);
    request.log.info(
      {
        method,
        route: request.routeOptions.url,
        status,
        ms: Math.round(elapsedTime * 10) / 10,
        ...(trace && { trace_id: trace.id }),
        ...more,
      },
      'request',
    );
  }
}
