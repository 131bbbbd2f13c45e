import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { TaskUseCases } from '../../application/task-use-cases.ts';
import { answerOtherMethods } from './allowed-methods.ts';
import { linkToNext, pathOfList, pathOfTask, sendNotModified, sendTask } from './answers.ts';
import { toChangesQuery } from './changes-query.ts';
import { etagOf } from './etag.ts';
import { nextCursorOf, toListQuery } from './list-query.ts';
import { checkIfNoneMatch, isKnown, refusePreconditions } from './preconditions.ts';
import { invalidRequest, problemOf, sendProblem } from './problem.ts';
import { DEFAULT_CHANGES_LIMIT, DEFAULT_LIMIT, TASK_ROUTES } from './schemas.ts';
import { toChangeJson, toTaskJson } from './task-json.ts';
import { taskNameOf } from './task-name.ts';

export interface ListRoutesOptions {
  readonly useCases: TaskUseCases;
}

const LIST = {
  schema: TASK_ROUTES.list,
  preHandler: checkIfNoneMatch,
  config: { pageSize: Number(DEFAULT_LIMIT) },
};
const CHANGES = {
  schema: TASK_ROUTES.changes,
  preHandler: checkIfNoneMatch,
  config: { pageSize: Number(DEFAULT_CHANGES_LIMIT) },
};

/** The routes of all tasks of an owner. A handler only translates: HTTP in, one use case, HTTP out. */
export const listRoutes: FastifyPluginCallbackTypebox<ListRoutesOptions> = (http, { useCases }, done) => {
  http.get('', LIST, async (request, reply) => {
    const { user_id } = request.params;
    const query = toListQuery(user_id, request.query);
    if (query === undefined) return sendProblem(reply, invalidCursor);
    if (request.headers['if-none-match'] !== undefined) {
      const revision = await useCases.revision.execute(user_id, request.call);
      if (isKnown(request, revision)) return sendNotModified(reply, revision);
    }

    const page = await useCases.list.execute(user_id, query, request.call);
    const next_cursor = nextCursorOf(page, user_id, query);
    if (next_cursor !== null) {
      reply.header('link', linkToNext(pathOfList(user_id), { ...request.query, cursor: next_cursor }));
    }
    reply.header('etag', etagOf(page));
    const { tasks, revision, total } = page;
    return { tasks: tasks.map(toTaskJson), next_cursor, revision, ...(total !== undefined && { total }) };
  });

  http.post('', { schema: TASK_ROUTES.create, preHandler: refusePreconditions }, async (request, reply) => {
    const { user_id } = request.params;
    const { id, title, description = null, completed = false } = request.body;
    const name = taskNameOf(request.headers, id);
    if (!name.ok) return sendProblem(reply, name.failure);

    const content = { title, description, completed };
    const outcome = await useCases.create.execute(user_id, content, name.value, request.call);
    if (!outcome.ok) return sendProblem(reply, problemOf(outcome.failure));
    const { task, replayed } = outcome.value;
    if (replayed) reply.header('idempotency-replayed', 'true');
    reply.code(201).header('location', pathOfTask(user_id, task.id));
    return sendTask(reply, task);
  });

  http.get('/changes', CHANGES, async (request, reply) => {
    const { user_id } = request.params;
    const query = toChangesQuery(request.query);
    if (request.headers['if-none-match'] !== undefined) {
      const revision = await useCases.revision.execute(user_id, request.call);
      const isPossible = query.since === undefined || query.since <= revision;
      if (isPossible && isKnown(request, revision)) return sendNotModified(reply, revision);
    }

    const outcome = await useCases.changes.execute(user_id, query, request.call);
    if (!outcome.ok) return sendProblem(reply, problemOf(outcome.failure));
    const { changes, revision, hasMore: has_more, purged } = outcome.value;
    if (has_more) {
      const { snapshot = request.query.since === undefined ? String(purged) : undefined } = request.query;
      const parameters = { ...request.query, since: String(revision), ...(snapshot !== undefined && { snapshot }) };
      reply.header('link', linkToNext(`${pathOfList(user_id)}/changes`, parameters));
    }
    // Of what the follower has reached, so that the tag of a page that is not the last is never the present one.
    reply.header('etag', etagOf({ revision }));
    return { changes: changes.map(toChangeJson), revision, has_more };
  });

  answerOtherMethods(http, '', ['GET', 'POST']);
  answerOtherMethods(http, '/changes', ['GET']);
  done();
};

const invalidCursor = invalidRequest([
  { parameter: 'cursor', detail: 'must be the next_cursor of a page of this list, with the same filters and sort' },
]);
