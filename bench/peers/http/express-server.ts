import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler, type RequestHandler, type Response } from 'express';
import { pino } from 'pino';
import { changesAfter, toListQuery, toListReply } from '../contract/lists.ts';
import { PROBLEM_TYPE, type ProblemCode, problemJson, statusOf } from '../contract/problems.ts';
import { contentOf, ID, SINCE, USER } from '../contract/rules.ts';
import { etagOf, revisionOf, toTaskJson } from '../contract/task-json.ts';
import type { TaskRow, Tasks } from '../contract/tasks.ts';
import { type PeerServer, settings } from './run-peer.ts';

/** An Express program as in its guide: a router, `express.json()`, a logging middleware and handlers. */
export function expressServer(tasks: Tasks): PeerServer {
  const log = pino({ level: settings.logLevel, base: null });
  const app = express();
  app.disable('x-powered-by');
  // Express would compute an ETag from each body.
  app.disable('etag');
  app.use(logged(log));
  app.use(express.json({ limit: 65_536 }));

  app.param('user_id', (_request, response, next, user) =>
    USER.test(user) ? next() : reject(response, 'invalid-request'),
  );
  app.param('id', (_request, response, next, id) => (ID.test(id) ? next() : reject(response, 'invalid-request')));

  const list = '/api/:user_id/tasks';
  const one = `${list}/:id`;

  app.get(list, async (request, response) => {
    const { user_id: user } = request.params;
    const query = toListQuery(request.query);
    if (typeof query === 'string') return reject(response, 'invalid-request');
    const known = request.get('if-none-match');
    if (known !== undefined) {
      const etag = etagOf((await tasks.counter(user)).revision);
      if (known === etag) return void response.status(304).set('etag', etag).end();
    }
    const { etag, link, body } = toListReply(user, query, await tasks.list(user, query), request.query);
    if (link !== undefined) response.set('link', link);
    response.set('etag', etag).json(body);
  });

  app.get(`${list}/changes`, async (request, response) => {
    const since = String(request.query['since'] ?? '0');
    if (!SINCE.test(since)) return reject(response, 'invalid-request');
    const reply = await changesAfter(tasks, request.params.user_id, since);
    if (reply === undefined) return reject(response, 'resync-required');
    response.set('etag', reply.etag).json(reply.body);
  });

  app.get(one, async (request, response) => {
    const task = await tasks.find(request.params.user_id, request.params.id);
    if (task === undefined) return reject(response, 'task-not-found');
    const etag = etagOf(task.revision);
    if (request.get('if-none-match') === etag) return void response.status(304).set('etag', etag).end();
    send(response, task);
  });

  app.post(list, async (request, response) => {
    const { user_id: user } = request.params;
    const content = contentOf(request.body, false);
    if (content === undefined) return reject(response, 'invalid-request');
    const task = await tasks.create(user, content);
    response.status(201).set('location', `/api/${encodeURIComponent(user)}/tasks/${task.id}`);
    send(response, task);
  });

  app.put(one, async (request, response) => {
    const { user_id: user, id } = request.params;
    const content = contentOf(request.body, true);
    if (content === undefined) return reject(response, 'invalid-request');
    const task = await tasks.replace(user, id, content, revisionOf(request.get('if-match')));
    if (task !== undefined) return send(response, task);
    const current = await tasks.find(user, id);
    reject(response, current === undefined ? 'task-not-found' : 'revision-mismatch', current);
  });

  app.patch(`${one}/complete`, async (request, response) => {
    const task = await tasks.toggle(request.params.user_id, request.params.id);
    if (task === undefined) return reject(response, 'task-not-found');
    send(response, task);
  });

  app.use((_request, response) => reject(response, 'route-not-found'));
  app.use(((error: Error & { status?: number }, _request, response, _next) => {
    const isTheirs = error.status !== undefined && error.status < 500;
    if (!isTheirs) log.error(error);
    reject(response, isTheirs ? 'invalid-request' : 'internal-error');
  }) satisfies ErrorRequestHandler);

  let close = async () => {};
  return {
    listen: () =>
      new Promise((resolve) => {
        const server = app.listen({ host: '127.0.0.1', port: 0, backlog: 4_096 }, () =>
          resolve((server.address() as AddressInfo).port),
        );
        close = async () => {
          server.closeAllConnections();
          await new Promise((closed) => server.close(closed));
          await tasks.close();
        };
      }),
    close: () => close(),
  };
}

const logged =
  (log: pino.Logger): RequestHandler =>
  (request, response, next) => {
    const began = performance.now();
    const id = randomUUID();
    response.locals['id'] = id;
    response.set({ 'x-request-id': id, 'x-content-type-options': 'nosniff', 'cache-control': 'private, no-cache' });
    response.on('finish', () => {
      const ms = Math.round((performance.now() - began) * 10) / 10;
      const route = request.route?.path;
      log.info({ reqId: id, method: request.method, route, status: response.statusCode, ms }, 'request');
    });
    next();
  };

const send = (response: Response, task: TaskRow): void =>
  void response.set('etag', etagOf(task.revision)).json(toTaskJson(task));

function reject(response: Response, code: ProblemCode, current?: TaskRow): void {
  if (current !== undefined) response.set('etag', etagOf(current.revision));
  const body = Buffer.from(problemJson(code, response.locals['id'], current));
  response.status(statusOf(code)).set('content-type', PROBLEM_TYPE).send(body);
}
