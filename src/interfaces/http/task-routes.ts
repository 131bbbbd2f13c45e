import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TaskUseCases } from '../../application/task-use-cases.ts';
import type { TaskId, UserId } from '../../domain/ids.ts';
import type { Task } from '../../domain/task.ts';
import { answerOtherMethods } from './allowed-methods.ts';
import { etagOf } from './etag.ts';
import { parseJsonBody } from './json-body.ts';
import { nextCursorOf, toListQuery } from './list-query.ts';
import { invalidRequest, problemOf, sendProblem } from './problem.ts';
import { type ListParameters, TASK_ROUTES } from './schemas.ts';
import { toTaskJson } from './task-json.ts';

export interface TaskRoutesOptions {
  readonly useCases: TaskUseCases;
}

/** The routes below `/api/{user_id}/tasks`. A handler only translates: HTTP in, one use case, HTTP out. */
export const taskRoutes: FastifyPluginCallbackTypebox<TaskRoutesOptions> = (http, { useCases }, done) => {
  http.addHook('preValidation', lowerCaseId);

  http.get('', { schema: TASK_ROUTES.list }, async (request, reply) => {
    const { user_id } = request.params;
    const query = toListQuery(user_id, request.query);
    if (query === undefined) return sendProblem(reply, invalidCursor);

    const page = await useCases.list.execute(user_id, query);
    const next_cursor = nextCursorOf(page, user_id, query);
    if (next_cursor !== null) reply.header('link', linkToNext(user_id, request.query, next_cursor));
    reply.header('etag', etagOf(page));
    const { tasks, revision, total } = page;
    return { tasks: tasks.map(toTaskJson), next_cursor, revision, ...(total !== undefined && { total }) };
  });

  http.post('', { schema: TASK_ROUTES.create }, async (request, reply) => {
    const { user_id } = request.params;
    const { title, description = null, completed = false } = request.body;
    const outcome = await useCases.create.execute(user_id, { title, description, completed });
    if (!outcome.ok) return sendProblem(reply, problemOf(outcome.failure));
    reply.code(201).header('location', pathOf(user_id, outcome.value.id));
    return sendTask(reply, outcome.value);
  });

  http.get('/:id', { schema: TASK_ROUTES.get }, async (request, reply) => {
    const { user_id, id } = request.params;
    const outcome = await useCases.get.execute(user_id, id);
    return outcome.ok ? sendTask(reply, outcome.value) : sendProblem(reply, problemOf(outcome.failure));
  });

  http.put('/:id', { schema: TASK_ROUTES.replace }, async (request, reply) => {
    const { user_id, id } = request.params;
    const outcome = await useCases.edit.execute(user_id, id, request.body);
    return outcome.ok ? sendTask(reply, outcome.value) : sendProblem(reply, problemOf(outcome.failure));
  });

  // In a scope of its own, because this route alone takes another media type too.
  http.register((patch: typeof http, _options, registered) => {
    patch.addContentTypeParser('application/merge-patch+json', { parseAs: 'buffer' }, parseJsonBody);
    patch.patch('/:id', { schema: TASK_ROUTES.patch }, async (request, reply) => {
      const { user_id, id } = request.params;
      const outcome = await useCases.edit.execute(user_id, id, request.body);
      return outcome.ok ? sendTask(reply, outcome.value) : sendProblem(reply, problemOf(outcome.failure));
    });
    registered();
  });

  http.delete('/:id', { schema: TASK_ROUTES.delete }, async (request, reply) => {
    const { user_id, id } = request.params;
    const outcome = await useCases.delete.execute(user_id, id);
    return outcome.ok ? reply.code(204).send() : sendProblem(reply, problemOf(outcome.failure));
  });

  http.patch('/:id/complete', { schema: TASK_ROUTES.complete }, async (request, reply) => {
    const { user_id, id } = request.params;
    const outcome = await useCases.complete.execute(user_id, id, request.body?.completed ?? 'toggle');
    return outcome.ok ? sendTask(reply, outcome.value) : sendProblem(reply, problemOf(outcome.failure));
  });

  answerOtherMethods(http, '', ['GET', 'POST']);
  answerOtherMethods(http, '/:id', ['GET', 'PUT', 'PATCH', 'DELETE']);
  answerOtherMethods(http, '/:id/complete', ['PATCH']);
  done();
};

/** An id in upper case is the same id; inside, it has one spelling. */
function lowerCaseId({ params }: FastifyRequest, _reply: FastifyReply, next: () => void): void {
  const named = params as { id?: string };
  if (named.id !== undefined) named.id = named.id.toLowerCase();
  next();
}

const invalidCursor = invalidRequest([
  { parameter: 'cursor', detail: 'must be the next_cursor of a page of this list, with the same filters and sort' },
]);

function sendTask(reply: FastifyReply, task: Task): FastifyReply {
  return reply.header('etag', etagOf(task)).send(toTaskJson(task));
}

const pathOf = (owner: UserId, id: TaskId): string => `/api/${encodeURIComponent(owner)}/tasks/${id}`;

function linkToNext(owner: UserId, parameters: ListParameters, cursor: string): string {
  const query = new URLSearchParams({ ...parameters, cursor });
  return `</api/${encodeURIComponent(owner)}/tasks?${query}>; rel="next"`;
}
