import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TaskUseCases } from '../../application/task-use-cases.ts';
import { answerOtherMethods } from './allowed-methods.ts';
import { sendNotModified, sendOutcome } from './answers.ts';
import { parseJsonBody } from './json-body.ts';
import { checkIfNoneMatch, isKnown, readIfMatch } from './preconditions.ts';
import { problemOf, sendProblem } from './problem.ts';
import { TASK_ROUTES } from './schemas.ts';

export interface TaskRoutesOptions {
  readonly useCases: TaskUseCases;
  /** Whether a change without If-Match is refused. */
  readonly requireIfMatch: boolean;
}

/** The routes of one task. A handler only translates: HTTP in, one use case, HTTP out. */
export const taskRoutes: FastifyPluginCallbackTypebox<TaskRoutesOptions> = (http, options, done) => {
  const { useCases, requireIfMatch } = options;
  const preHandler = readIfMatch(requireIfMatch);
  http.addHook('preValidation', lowerCaseId);

  http.get('/:id', { schema: TASK_ROUTES.get, preHandler: checkIfNoneMatch }, async (request, reply) => {
    const { user_id, id } = request.params;
    const outcome = await useCases.get.execute(user_id, id, request.call);
    if (outcome.ok && isKnown(request, outcome.value.revision)) return sendNotModified(reply, outcome.value.revision);
    return sendOutcome(reply, outcome);
  });

  http.put('/:id', { schema: TASK_ROUTES.replace, preHandler }, async (request, reply) => {
    const { user_id, id } = request.params;
    const { body, expected, call } = request;
    return sendOutcome(reply, await useCases.edit.execute(user_id, id, body, expected, call));
  });

  // In a scope of its own, because this route alone takes another media type too.
  http.register((patch: typeof http, _options, registered) => {
    patch.addContentTypeParser('application/merge-patch+json', { parseAs: 'buffer' }, parseJsonBody);
    patch.patch('/:id', { schema: TASK_ROUTES.patch, preHandler }, async (request, reply) => {
      const { user_id, id } = request.params;
      return sendOutcome(reply, await useCases.edit.execute(user_id, id, request.body, request.expected, request.call));
    });
    registered();
  });

  http.delete('/:id', { schema: TASK_ROUTES.delete, preHandler }, async (request, reply) => {
    const { user_id, id } = request.params;
    const outcome = await useCases.delete.execute(user_id, id, request.expected, request.call);
    return outcome.ok ? reply.code(204).send() : sendProblem(reply, problemOf(outcome.failure));
  });

  http.patch('/:id/complete', { schema: TASK_ROUTES.complete, preHandler }, async (request, reply) => {
    const { user_id, id } = request.params;
    const completed = request.body?.completed ?? 'toggle';
    return sendOutcome(reply, await useCases.complete.execute(user_id, id, completed, request.expected, request.call));
  });

  http.post('/:id/restore', { schema: TASK_ROUTES.restore, preHandler }, async (request, reply) => {
    const { user_id, id } = request.params;
    return sendOutcome(reply, await useCases.restore.execute(user_id, id, request.expected, request.call));
  });

  answerOtherMethods(http, '/:id', ['GET', 'PUT', 'PATCH', 'DELETE']);
  answerOtherMethods(http, '/:id/complete', ['PATCH']);
  answerOtherMethods(http, '/:id/restore', ['POST']);
  done();
};

/** An id in upper case is the same id; inside, it has one spelling. */
function lowerCaseId({ params }: FastifyRequest, _reply: FastifyReply, next: () => void): void {
  const named = params as { id: string };
  named.id = named.id.toLowerCase();
  next();
}
