import type { FastifyInstance } from 'fastify';
import type { RequestTraces, Trace } from './observers.ts';

declare module 'fastify' {
  interface FastifyRequest {
    trace: Trace | undefined;
  }
}

/** Where nobody follows requests, nothing is added to their way. */
export function traceRequests(http: FastifyInstance, traces: RequestTraces | undefined): void {
  http.decorateRequest('trace', undefined);
  if (traces === undefined) return;
  http.addHook('onRequest', (request, _reply, next) => {
    request.trace = traces.begin(request.method, request.id, request.headers);
    next();
  });
  // Not before the body is there: what it arrives with comes from the connection, and knows of no request.
  http.addHook('preValidation', ({ trace }, _reply, next) => {
    if (trace === undefined) next();
    else trace.lead(next);
  });
}
