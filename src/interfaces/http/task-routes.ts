import { type FastifyPluginCallbackTypebox, Type } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import type { TaskUseCases } from '../../application/task-use-cases.ts';
import type { TaskId, UserId } from '../../domain/ids.ts';
import type { Task } from '../../domain/task.ts';
import { answerOtherMethods } from './allowed-methods.ts';
import { etagOf } from './etag.ts';
import { parseJsonBody } from './json-body.ts';
import { ListParameters, nextCursorOf, toListQuery } from './list-query.ts';
import { invalidRequest, problemOf, sendProblem } from './problem.ts';
import { CompleteBody, CreateBody, OwnerParams, PatchBody, ReplaceBody, TaskParams } from './schemas.ts';
import { TaskJson, toTaskJson } from './task-json.ts';

const Page = Type.Object({
  tasks: Type.Array(TaskJson),
  next_cursor: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
  revision: Type.Integer(),
  total: Type.Optional(Type.Integer()),
});

export interface TaskRoutesOptions {
  readonly useCases: TaskUseCases;
}

/** The routes below `/api/{user_id}/tasks`. A handler only translates: HTTP in, one use case, HTTP out. */
export const taskRoutes: FastifyPluginCallbackTypebox<TaskRoutesOptions> = (http, { useCases }, done) => {
  http.addHook('preValidation', (request, _reply, next) => {
    const params = request.params as { id?: string };
    // One id has one spelling inside.
    if (params.id !== undefined) params.id = params.id.toLowerCase();
    next();
  });

  http.get('/', { schema: { params: OwnerParams, querystring: ListParameters, response: { 200: Page } } }, async (request, reply) => {
    const { user_id } = request.params;
    const query = toListQuery(user_id, request.query);
    if (query === undefined) return sendProblem(reply, invalidRequest([INVALID_CURSOR]));

    const page = await useCases.list.execute(user_id, query);
    const next_cursor = nextCursorOf(page, user_id, query);
    if (next_cursor !== null) reply.header('link', linkToNext(user_id, request.query, next_cursor));
    const { revision, total } = page;
    reply.header('etag', etagOf(page));
    return { tasks: page.tasks.map(toTaskJson), next_cursor, revision, ...(total !== undefined && { total }) };
  });

  http.post('/', { schema: { params: OwnerParams, body: CreateBody, response: { 201: TaskJson } } }, async (request, reply) => {
    const { user_id } = request.params;
    const { title, description = null, completed = false } = request.body;
    const outcome = await useCases.create.execute(user_id, { title, description, completed });
    if (!outcome.ok) return sendProblem(reply, problemOf(outcome.failure));
    reply.code(201).header('location', pathOf(user_id, outcome.value.id));
    return sendTask(reply, outcome.value);
  });

  http.get('/:id', { schema: { params: TaskParams, response: { 200: TaskJson } } }, async (request, reply) => {
    const { user_id, id } = request.params;
    const outcome = await useCases.get.execute(user_id, id);
    return outcome.ok ? sendTask(reply, outcome.value) : sendProblem(reply, problemOf(outcome.failure));
  });

  http.put('/:id', { schema: { params: TaskParams, body: ReplaceBody, response: { 200: TaskJson } } }, async (request, reply) => {
    const { user_id, id } = request.params;
    const outcome = await useCases.edit.execute(user_id, id, request.body);
    return outcome.ok ? sendTask(reply, outcome.value) : sendProblem(reply, problemOf(outcome.failure));
  });

  http.register((patch: typeof http, _options, registered) => {
    patch.addContentTypeParser('application/merge-patch+json', { parseAs: 'buffer' }, parseJsonBody);
    patch.patch('/:id', { schema: { params: TaskParams, body: PatchBody, response: { 200: TaskJson } } }, async (request, reply) => {
      const { user_id, id } = request.params;
      const outcome = await useCases.edit.execute(user_id, id, request.body);
      return outcome.ok ? sendTask(reply, outcome.value) : sendProblem(reply, problemOf(outcome.failure));
    });
    registered();
  });

  http.delete('/:id', { schema: { params: TaskParams } }, async (request, reply) => {
    const { user_id, id } = request.params;
    const outcome = await useCases.delete.execute(user_id, id);
    return outcome.ok ? reply.code(204).send() : sendProblem(reply, problemOf(outcome.failure));
  });

  http.patch('/:id/complete', { schema: { params: TaskParams, body: CompleteBody, response: { 200: TaskJson } } }, async (request, reply) => {
    const { user_id, id } = request.params;
    const outcome = await useCases.complete.execute(user_id, id, request.body?.completed ?? 'toggle');
    return outcome.ok ? sendTask(reply, outcome.value) : sendProblem(reply, problemOf(outcome.failure));
  });

  answerOtherMethods(http, '/', ['GET', 'POST']);
  answerOtherMethods(http, '/:id', ['GET', 'PUT', 'PATCH', 'DELETE']);
  answerOtherMethods(http, '/:id/complete', ['PATCH']);
  done();
};

const INVALID_CURSOR = {
  parameter: 'cursor',
  detail: 'must be the next_cursor of a page of this list, with the same filters and sort',
};

function sendTask(reply: FastifyReply, task: Task): FastifyReply {
  return reply.header('etag', etagOf(task)).send(toTaskJson(task));
}

const pathOf = (owner: UserId, id: TaskId): string => `/api/${encodeURIComponent(owner)}/tasks/${id}`;

function linkToNext(owner: UserId, parameters: ListParameters, cursor: string): string {
  return `</api/${encodeURIComponent(owner)}/tasks?${new URLSearchParams({ ...parameters, cursor })}>; rel="next"`;
}
