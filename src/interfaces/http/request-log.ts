import type { FastifyReply, FastifyRequest } from 'fastify';

/** One line per request: the route and not the path or the query, which may hold what a user wrote. */
export function logResponse(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  request.log.info(
    {
      method: request.method,
      route: request.routeOptions.url,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    },
    'request',
  );
  done();
}
