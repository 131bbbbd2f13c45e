import { type FastifyReply, type FastifyRequest, LogController } from 'fastify';

/** One line per request: the route and not the path or the query, which may hold what a user wrote. */
export class RequestLog extends LogController {
  override incomingRequest(): void {}

  /** @param error of the socket, when the answer could not be sent whole */
  override requestCompleted(error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        ...(error && { err: error }),
      },
      'request',
    );
  }
}
