import type { FastifyReply } from 'fastify';
import type { TaskFailure } from '../../domain/failures.ts';
import { etagOf } from './etag.ts';
import { type TaskJson, toTaskJson } from './task-json.ts';

/** The only table of statuses: RFC 9457 problem types, by their code. */
export const PROBLEMS = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'task-not-found': { status: 404, title: 'There is no such task' },
  'route-not-found': { status: 404, title: 'There is no such route' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed here' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  'id-taken': { status: 409, title: 'The id belongs to another task' },
  'task-deleted': { status: 410, title: 'The task has been deleted' },
  'resync-required': { status: 410, title: 'The history is not all there' },
  'revision-mismatch': { status: 412, title: 'The task has changed' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'uri-too-long': { status: 414, title: 'The request target is too long' },
  'unsupported-media-type': { status: 415, title: 'The media type is not supported' },
  'expectation-failed': { status: 417, title: 'The expectation cannot be met' },
  'idempotency-mismatch': { status: 422, title: 'The key was used for something else' },
  'if-match-required': { status: 428, title: 'A precondition is required' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  'internal-error': { status: 500, title: 'Something went wrong' },
  unavailable: { status: 503, title: 'The service cannot answer at the moment' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One fault of a request, named by exactly one of the three. */
export type Fault = { readonly detail: string } & (
  | { /** Into the body, as in RFC 6901. */ readonly pointer: string }
  | { /** Of the path or the query. */ readonly parameter: string }
  | { readonly header: string }
);

/** More than a person would mend at once, and few enough that no answer is much larger than its request. */
export const MAX_FAULTS = 100;

export interface Problem {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors?: readonly Fault[];
  /** The task as it now stands, where the answer is that it has changed. */
  readonly current?: TaskJson;
  readonly headers?: Readonly<Record<string, string>>;
}

export const statusOf = ({ code }: Problem): number => PROBLEMS[code].status;

/** A new failure does not compile until it is listed here. */
export function problemOf(failure: TaskFailure): Problem {
  switch (failure.kind) {
    case 'invalid-task':
      return invalidRequest(failure.faults.map(({ field, problem }) => ({ pointer: `/${field}`, detail: problem })));
    case 'task-not-found':
      return { code: 'task-not-found', detail: 'The owner has no task with this id, or has deleted it.' };
    case 'id-taken':
      return { code: 'id-taken', detail: 'Another task was created with this id.' };
    case 'idempotency-mismatch':
      return { code: 'idempotency-mismatch', detail: 'Another task was created with this Idempotency-Key.' };
    case 'task-deleted':
      return { code: 'task-deleted', detail: 'It was created before, and deleted since. It can be restored.' };
    case 'resync-required':
      return {
        code: 'resync-required',
        detail: 'Not every change since then can be told. Begin again without "since".',
      };
    case 'revision-mismatch':
      return {
        code: 'revision-mismatch',
        detail: 'The task has another revision than the ones that If-Match lists. It stands as in "current".',
        current: toTaskJson(failure.current),
        headers: { etag: etagOf(failure.current) },
      };
  }
}

/** @param errors at least one */
export function invalidRequest(errors: readonly Fault[]): Problem {
  const [first] = errors;
  const which = errors.length >= MAX_FAULTS ? 'The first' : 'All';
  const others = errors.length > 1 ? ` ${which} ${errors.length} faults are in "errors".` : '';
  return { code: 'invalid-request', detail: `${first && sentenceOf(first)}${others}`, errors };
}

function sentenceOf(fault: Fault): string {
  if ('parameter' in fault) return `${fault.parameter} ${fault.detail}.`;
  if ('header' in fault) return `${fault.header} ${fault.detail}.`;
  return `${fault.pointer === '' ? 'The body' : fault.pointer} ${fault.detail}.`;
}

/** The log has the cause, under the request id. The detail depends on the method alone. */
export function unavailableAfter(seconds: number, method: string): Problem {
  const isRead = method === 'GET' || method === 'HEAD';
  return {
    code: 'unavailable',
    detail: isRead ? 'Retry later.' : 'Retry later. The write may have taken effect.',
    headers: { 'retry-after': `${seconds}` },
  };
}

export const tooManyRequests = (): Problem =>
  tooMany('This user has too many requests waiting. Nothing was done. Retry later, with fewer requests at once.');

export const tooManyResponseBytes = (): Problem =>
  tooMany('This user has too many unread responses. Nothing was done. Read them, or request smaller pages.');

/** Clients that are rejected together do not retry together: `Retry-After` is 1 or 2 seconds. */
const tooMany = (detail: string): Problem => ({
  code: 'too-many-requests',
  detail,
  headers: { 'retry-after': Math.random() < 0.5 ? '1' : '2' },
});

export const internalError: Problem = {
  code: 'internal-error',
  detail: 'The cause is in the log, under the request id.',
};

export function problemJson(problem: Problem, requestId: string): string {
  const { code, detail, errors, current } = problem;
  const { status, title } = PROBLEMS[code];
  const type = `urn:task-service:problem:${code}`;
  return JSON.stringify({ type, title, status, code, detail, request_id: requestId, errors, current });
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return (
    reply
      .code(statusOf(problem))
      .headers(problem.headers ?? {})
      .header('content-type', 'application/problem+json')
      // As bytes, because to a text the framework would add a charset, which JSON does not have.
      .send(Buffer.from(problemJson(problem, reply.request.id)))
  );
}
