import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import cors, { type FastifyCorsOptions } from '@fastify/cors';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Readiness } from '../../application/ports.ts';
import type { TaskUseCases } from '../../application/task-use-cases.ts';
import { isStorableText } from '../../domain/limits.ts';
import { acceptAllMethods } from './allowed-methods.ts';
import { ClientErrors } from './client-errors.ts';
import { docsRoutes } from './docs/docs-routes.ts';
import { handleError } from './errors.ts';
import { healthRoutes } from './health-routes.ts';
import { parseJsonBody } from './json-body.ts';
import { markLastAnswers } from './last-answers.ts';
import { listRoutes } from './list-routes.ts';
import { metricsRoutes } from './metrics-routes.ts';
import type { RequestMetrics, RequestTraces } from './observers.ts';
import { openApiRoutes } from './openapi/openapi-routes.ts';
import { sendProblem } from './problem.ts';
import { DEFAULT_LIMITS, type Limits } from './protocol/limits.ts';
import { RequestLimits } from './protocol/request-limits.ts';
import { parseQueryString } from './query-string.ts';
import { guardRequest, MAX_HEAD_BYTES, problemOfHead, setCommonHeaders } from './request-guard.ts';
import { RequestLog } from './request-log.ts';
import { FAULT, STANDS_FOR, STORABLE_TEXT } from './schemas.ts';
import { taskRoutes } from './task-routes.ts';
import { traceRequests } from './traced-requests.ts';

export interface ServerOptions {
  readonly useCases: TaskUseCases;
  readonly readiness: Readiness;
  readonly log: FastifyBaseLogger;
  readonly corsOrigins?: readonly string[];
  /** Whether a change without If-Match is refused. */
  readonly requireIfMatch?: boolean;
  /** Aborted some time before the server closes, so that whoever sends it requests can stop in time. */
  readonly stopping?: AbortSignal;
  /** Without, nothing is counted, and there is nothing to be scraped. */
  readonly metrics?: RequestMetrics | undefined;
  readonly traces?: RequestTraces | undefined;
  readonly limits?: Limits;
}

/** Each may hold a request that arrives slowly, which costs memory. */
const MAX_CONNECTIONS = 5_000;

/** The HTTP adapter, not listening yet. */
export function createServer({
  useCases,
  readiness,
  log,
  corsOrigins = [],
  requireIfMatch = false,
  stopping,
  metrics,
  traces,
  limits = DEFAULT_LIMITS,
}: ServerOptions): FastifyInstance {
  const requestLog = new RequestLog(metrics);
  const clientErrors = new ClientErrors(log, metrics);
  const http = Fastify({
    loggerInstance: log,
    logController: requestLog,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    bodyLimit: 65_536,
    // Node's own defaults are a minute and more, and its checks far apart.
    requestTimeout: 10_000,
    connectionTimeout: 30_000,
    // Longer than the idle time of a usual proxy, which would else reuse a connection that is being closed.
    keepAliveTimeout: 65_000,
    http: {
      maxHeaderSize: MAX_HEAD_BYTES,
      headersTimeout: 5_000,
      connectionsCheckingInterval: 500,
      requireHostHeader: false,
    },
    // A request that arrives on an open connection while the server closes is answered like any other.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // Longer parameters than any that is allowed, so that a schema refuses them and says why.
    routerOptions: { maxParamLength: 8_192, querystringParser: parseQueryString },
    ajv: {
      customOptions: {
        coerceTypes: false,
        removeAdditional: false,
        useDefaults: false,
        allErrors: true,
        verbose: true,
        keywords: [FAULT, STANDS_FOR],
        formats: { [STORABLE_TEXT]: isStorableText },
      },
    },
    frameworkErrors: (error, request, reply) => {
      setCommonHeaders(reply);
      const problem = problemOfHead(request);
      if (problem === undefined) handleError(error, request, reply);
      else sendProblem(reply, problem);
      requestLog.requestCompleted(null, request, reply);
    },
    clientErrorHandler: (error, socket) => clientErrors.refuse(error, socket as Socket),
  }).withTypeProvider<TypeBoxTypeProvider>();

  // Node drops headers beyond a number of them without a word; their size is limited already.
  http.server.maxHeadersCount = 0;
  http.server.maxConnections = MAX_CONNECTIONS;
  http.server.on('checkExpectation', (request, response) => clientErrors.refuseExpectation(request, response));
  http.server.on('request', (request, response) => clientErrors.expectAnswer(request, response));

  new RequestLimits(limits, log, metrics).register(http);
  requestLog.tellOfClientsThatLeft(http);
  markLastAnswers(http, stopping);
  http.setErrorHandler(handleError);
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('application/json', { parseAs: 'buffer' }, parseJsonBody);

  http.decorateRequest('expected', undefined);
  acceptAllMethods(http);
  traceRequests(http, traces);
  if (corsOrigins.length > 0) http.register(cors, corsOptions(corsOrigins));
  // After CORS, so that a page can read refusals too.
  http.after(() => http.addHook('onRequest', guardRequest));
  http.register(healthRoutes, { readiness, stopping });
  if (metrics !== undefined) http.register(metricsRoutes, { metrics });
  http.register(openApiRoutes);
  http.register(docsRoutes);
  http.register(listRoutes, { prefix: '/api/:user_id/tasks', useCases });
  http.register(taskRoutes, { prefix: '/api/:user_id/tasks', useCases, requireIfMatch });
  return http;
}

const corsOptions = (origins: readonly string[]): FastifyCorsOptions => ({
  origin: (origin, decide) => decide(null, origin !== undefined && origins.includes(origin)),
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowedHeaders: ['Content-Type', 'If-Match', 'If-None-Match', 'Idempotency-Key'],
  exposedHeaders: ['Allow', 'ETag', 'Idempotency-Replayed', 'Link', 'Location', 'Retry-After', 'X-Request-Id'],
  maxAge: 600,
  // OPTIONS is answered by the routes themselves, which know their methods.
  preflightContinue: true,
  strictPreflight: false,
});
