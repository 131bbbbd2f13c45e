import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { changesAfter, toListQuery, toListReply } from '../contract/lists.ts';
import { PROBLEM_TYPE, type ProblemCode, problemJson, statusOf } from '../contract/problems.ts';
import { etagOf, revisionOf, toTaskJson } from '../contract/task-json.ts';
import type { Content, TaskRow, Tasks } from '../contract/tasks.ts';
import { ROUTES } from './fastify-schemas.ts';
import { type PeerServer, settings } from './run-peer.ts';

type Handled = { Params: { user_id: string; id: string }; Querystring: Record<string, string> };

/** Logs one line per request, like the service. */
class OneLine extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(_error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    const { method, routeOptions } = request;
    const line = {
      method,
      route: routeOptions.url,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    request.log.info(line, 'request');
  }
}

/** A Fastify program as in its guide: request and response schemas, and handlers. */
export function fastifyServer(tasks: Tasks): PeerServer {
  const app = Fastify({
    logger: { level: settings.logLevel, base: null },
    logController: new OneLine(),
    genReqId: () => randomUUID(),
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
  });

  app.addHook('onRequest', (request, reply, next) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('cache-control', 'private, no-cache');
    next();
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const isTheirs = error.statusCode !== undefined && error.statusCode < 500;
    if (!isTheirs) request.log.error(error);
    return reject(reply, isTheirs ? 'invalid-request' : 'internal-error');
  });
  app.setNotFoundHandler((_request, reply) => reject(reply, 'route-not-found'));

  const list = '/api/:user_id/tasks';
  const one = `${list}/:id`;

  app.get<Handled>(list, { schema: ROUTES.list }, async (request, reply) => {
    const { user_id: user } = request.params;
    const query = toListQuery(request.query);
    if (typeof query === 'string') return reject(reply, 'invalid-request');
    const known = request.headers['if-none-match'];
    if (known !== undefined) {
      const etag = etagOf((await tasks.counter(user)).revision);
      if (known === etag) return reply.code(304).header('etag', etag).send();
    }
    const { etag, link, body } = toListReply(user, query, await tasks.list(user, query), request.query);
    if (link !== undefined) reply.header('link', link);
    return reply.header('etag', etag).send(body);
  });

  app.get<Handled>(`${list}/changes`, { schema: ROUTES.changes }, async (request, reply) => {
    const page = await changesAfter(tasks, request.params.user_id, request.query['since'] ?? '0');
    return page === undefined ? reject(reply, 'resync-required') : reply.header('etag', page.etag).send(page.body);
  });

  app.get<Handled>(one, { schema: ROUTES.one }, async ({ params, headers }, reply) => {
    const task = await tasks.find(params.user_id, params.id);
    if (task === undefined) return reject(reply, 'task-not-found');
    const etag = etagOf(task.revision);
    if (headers['if-none-match'] === etag) return reply.code(304).header('etag', etag).send();
    return send(reply, task);
  });

  app.post<Handled & { Body: Partial<Content> & { title: string } }>(
    list,
    { schema: ROUTES.create },
    async (request, reply) => {
      const { user_id: user } = request.params;
      const { title, description = null, completed = false } = request.body;
      const task = await tasks.create(user, { title, description, completed });
      reply.code(201).header('location', `/api/${encodeURIComponent(user)}/tasks/${task.id}`);
      return send(reply, task);
    },
  );

  app.put<Handled & { Body: Content }>(one, { schema: ROUTES.replace }, async (request, reply) => {
    const { user_id: user, id } = request.params;
    const replaced = await tasks.replace(user, id, request.body, revisionOf(request.headers['if-match']));
    if (replaced !== undefined) return send(reply, replaced);
    const current = await tasks.find(user, id);
    return reject(reply, current === undefined ? 'task-not-found' : 'revision-mismatch', current);
  });

  app.patch<Handled>(`${one}/complete`, { schema: ROUTES.complete }, async ({ params }, reply) => {
    const task = await tasks.toggle(params.user_id, params.id);
    return task === undefined ? reject(reply, 'task-not-found') : send(reply, task);
  });

  return {
    async listen() {
      await app.listen({ host: '127.0.0.1', port: 0, backlog: 4_096 });
      return (app.server.address() as AddressInfo).port;
    },
    async close() {
      await app.close();
      await tasks.close();
    },
  };
}

const send = (reply: FastifyReply, task: TaskRow) => reply.header('etag', etagOf(task.revision)).send(toTaskJson(task));

function reject(reply: FastifyReply, code: ProblemCode, current?: TaskRow): FastifyReply {
  if (current !== undefined) reply.header('etag', etagOf(current.revision));
  const body = Buffer.from(problemJson(code, reply.request.id, current));
  return reply.code(statusOf(code)).header('content-type', PROBLEM_TYPE).send(body);
}
