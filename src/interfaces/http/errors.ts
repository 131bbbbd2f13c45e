import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { CallAborted, StorageUnavailable, UnstorableValue } from '../../application/ports.ts';
import { InvalidBody, UnsupportedBody } from './json-body.ts';
import { internalError, invalidRequest, type Problem, sendProblem, statusOf, unavailableAfter } from './problem.ts';
import { DeadlineExceeded } from './protocol/deadline.ts';
import { validationFaults } from './validation-faults.ts';

/** A convention of nginx, for logs and metrics. */
const CLIENT_CLOSED_REQUEST = 499;

/** Whatever was thrown while a request was served, by the framework or by us, becomes a problem document. */
export function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // Never reaches the client, but keeps a request that the client gave up out of the error rate.
  if (error instanceof CallAborted && request.call.hasClientLeft) return reply.code(CLIENT_CLOSED_REQUEST).send();
  const problem = problemOfError(error, request);
  // A value that only the database rejects is a fault of the service, although the client gets 400.
  const isFailure = statusOf(problem) >= 500 || error instanceof UnstorableValue;
  if (isFailure && !(error instanceof CallAborted)) request.log.error({ err: error }, 'request failed');
  // The framework closes after whatever a parser refuses. Ours refuse what they have read to its end.
  if (error instanceof InvalidBody || error instanceof UnsupportedBody) reply.removeHeader('connection');
  return sendProblem(reply, problem);
}

function problemOfError(error: unknown, request: FastifyRequest): Problem {
  const { method } = request;
  if (error instanceof StorageUnavailable) return unavailableAfter(error.retryAfter, method);
  if (error instanceof DeadlineExceeded || error instanceof CallAborted) return unavailableAfter(1, method);
  if (error instanceof UnstorableValue) return invalidRequest([{ pointer: '', detail: 'holds what cannot be kept' }]);
  if (error instanceof InvalidBody) return invalidRequest(error.faults);
  if (error instanceof UnsupportedBody) return unsupportedMediaType;
  if (!(error instanceof Error)) return internalError;
  return problemOfFastifyError(error as FastifyError, request);
}

/** https://fastify.dev/docs/latest/Reference/Errors/ */
function problemOfFastifyError(error: FastifyError, request: FastifyRequest): Problem {
  if (error.validation !== undefined) return invalidRequest(validationFaults(request));
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return unsupportedMediaType;
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return bodyTooLarge;
    case 'FST_ERR_BAD_URL':
      return invalidRequest([{ parameter: 'path', detail: 'must be percent-encoded UTF-8' }]);
    default:
      return error.statusCode === 400
        ? invalidRequest([{ pointer: '', detail: 'did not arrive whole' }])
        : internalError;
  }
}

export const unsupportedMediaType: Problem = {
  code: 'unsupported-media-type',
  detail:
    'A body is application/json in UTF-8, without Content-Encoding. PATCH of a task takes application/merge-patch+json too.',
};

export const bodyTooLarge: Problem = { code: 'body-too-large', detail: 'A body has at most 65536 bytes.' };
