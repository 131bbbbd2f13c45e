import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { TaskFailure } from '../../domain/failures.ts';
import type { Revision, TaskId, UserId } from '../../domain/ids.ts';
import type { Result } from '../../domain/result.ts';
import type { Task } from '../../domain/task.ts';
import { etagOf } from './etag.ts';
import { problemOf, sendProblem } from './problem.ts';
import { toTaskJson } from './task-json.ts';

/** The task with its ETag, or the problem that stands in the way. */
export const sendOutcome = (reply: FastifyReply, outcome: Result<Task, TaskFailure>): FastifyReply =>
  outcome.ok ? sendTask(reply, outcome.value) : sendProblem(reply, problemOf(outcome.failure));

export const sendTask = (reply: FastifyReply, task: Task): FastifyReply =>
  reply.header('etag', etagOf(task)).send(toTaskJson(task));

/** What the client holds is what there is. */
export const sendNotModified = (reply: FastifyReply, revision: Revision): FastifyReply =>
  reply
    .code(304)
    .header('etag', etagOf({ revision }))
    // To no answer at all the framework gives, for HEAD, a length of 0, which would be that of the task (RFC 9110, section 8.6).
    // A stream costs more than all the rest of a 304, so that nobody else gets one.
    .send(reply.request.method === 'HEAD' ? Readable.from([]) : undefined);

export const pathOfList = (owner: UserId): string => `/api/${encodeURIComponent(owner)}/tasks`;
export const pathOfTask = (owner: UserId, id: TaskId): string => `${pathOfList(owner)}/${id}`;

/** RFC 8288. */
export const linkToNext = (path: string, parameters: Record<string, string>): string =>
  `<${path}?${new URLSearchParams(parameters)}>; rel="next"`;
