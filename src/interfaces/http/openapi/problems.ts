import { methodNotAllowed } from '../allowed-methods.ts';
import { expectationFailed, requestTimeout } from '../client-errors.ts';
import { bodyTooLarge, unsupportedMediaType } from '../errors.ts';
import { ifMatchRequired } from '../preconditions.ts';
import {
  internalError,
  invalidRequest,
  PROBLEMS,
  type Problem,
  type ProblemCode,
  problemOf,
  tooManyRequests,
  unavailableAfter,
} from '../problem.ts';
import { headersTooLarge, routeNotFound, uriTooLong } from '../request-guard.ts';
import { CURRENT } from './examples.ts';

export const PROBLEM_CODES = Object.keys(PROBLEMS) as ProblemCode[];

/** As the service tells them. */
export const PROBLEM_EXAMPLES: Record<ProblemCode, Problem> = {
  'invalid-request': invalidRequest([
    { pointer: '/colour', detail: 'is not a known field; known are title, description, completed, id' },
    { pointer: '/title', detail: 'must not be blank' },
  ]),
  'task-not-found': problemOf({ kind: 'task-not-found' }),
  'route-not-found': routeNotFound,
  'method-not-allowed': methodNotAllowed('GET, POST, HEAD, OPTIONS'),
  'request-timeout': requestTimeout,
  'id-taken': problemOf({ kind: 'id-taken' }),
  'task-deleted': problemOf({ kind: 'task-deleted' }),
  'resync-required': problemOf({ kind: 'resync-required' }),
  'revision-mismatch': problemOf({ kind: 'revision-mismatch', current: CURRENT }),
  'body-too-large': bodyTooLarge,
  'uri-too-long': uriTooLong,
  'unsupported-media-type': unsupportedMediaType,
  'expectation-failed': expectationFailed,
  'idempotency-mismatch': problemOf({ kind: 'idempotency-mismatch' }),
  'if-match-required': ifMatchRequired,
  'too-many-requests': tooManyRequests(),
  'headers-too-large': headersTooLarge,
  'internal-error': internalError,
  unavailable: unavailableAfter(1, 'POST'),
};

/** When each is answered. */
export const PROBLEM_MEANINGS: Record<ProblemCode, string> = {
  'invalid-request': 'Something in the request is against the rules; `errors` names every fault',
  'task-not-found': 'The owner has no such task, or has deleted it',
  'route-not-found': 'Nothing is served under this path',
  'method-not-allowed': 'The path has other methods; `Allow` lists them',
  'request-timeout': 'The request did not arrive in time; the connection is closed',
  'id-taken': 'Another task was created with this `id`',
  'task-deleted': 'The task that this create repeats has been deleted. Restoring brings it back',
  'resync-required': 'Not every change since `since` can be told: begin again without it',
  'revision-mismatch':
    'The task has none of the revisions in `If-Match`; nothing was changed, and `current` is the task as it stands',
  'body-too-large': 'The body has more than 65,536 bytes',
  'uri-too-long': 'The request target has more than 8,192 bytes',
  'unsupported-media-type': 'The body is not JSON in UTF-8, or is compressed',
  'expectation-failed': '`Expect` asks for something other than `100-continue`',
  'idempotency-mismatch': 'Another task was created with this `Idempotency-Key`',
  'if-match-required': 'The service is set up to refuse changes without `If-Match`',
  'too-many-requests':
    'The user has too many requests waiting, or too many unread responses. Nothing was done: retry after `Retry-After`',
  'headers-too-large': 'The headers have more than 16,384 bytes',
  'internal-error': 'A mistake of the service; the log has the cause under the request id',
  unavailable:
    'Tasks cannot be served at the moment. A write may have taken effect: retry it with the same `id` or key, or with `If-Match`',
};

/** Met by any request, before a route looks at it. */
export const PROBLEMS_OF_EVERY_REQUEST = [
  'invalid-request',
  'request-timeout',
  'uri-too-long',
  'expectation-failed',
  'headers-too-large',
] as const satisfies ProblemCode[];

export const PROBLEMS_OF_BODIES = ['body-too-large', 'unsupported-media-type'] as const satisfies ProblemCode[];

/** Of every route that asks for tasks. */
export const PROBLEMS_OF_STORAGE = [
  'too-many-requests',
  'internal-error',
  'unavailable',
] as const satisfies ProblemCode[];

/** Of every route that changes one task. */
export const PROBLEMS_OF_CHANGES = [
  'task-not-found',
  'revision-mismatch',
  'if-match-required',
] as const satisfies ProblemCode[];
