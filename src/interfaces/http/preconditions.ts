import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ExpectedRevisions } from '../../application/change-task.ts';
import type { Revision } from '../../domain/ids.ts';
import { invalidRequest, type Problem, sendProblem } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What If-Match allows; set by `readIfMatch`. */
    expected: ExpectedRevisions;
  }
}

const TAG = '(?:W/)?"[\\x21\\x23-\\x7e\\x80-\\xff]*"';
/** With empty members, which are to be passed over (RFC 9110, section 5.6.1.2). */
const TAG_LIST = new RegExp(`^[ \\t,]*${TAG}(?:[ \\t]*,[ \\t,]*${TAG})*[ \\t,]*$`);
const OPAQUE_TAGS = /"([^"]*)"/g;
const REVISION = /^[1-9][0-9]{0,15}$/;

export const ifMatchRequired: Problem = {
  code: 'if-match-required',
  detail: 'Name the revision to be changed by If-Match, as the ETag of the task tells it, or * for any.',
};

/** To pass over it would make a change that the client wanted only under a condition. */
const guardsReadsAlone = invalidRequest([
  { header: 'if-none-match', detail: 'guards reads alone; a change is guarded by If-Match' },
]);

/** A hook for creates: there is no task yet that could have a revision. */
export function refusePreconditions({ headers }: FastifyRequest, reply: FastifyReply, next: () => void): void {
  const named = (['if-match', 'if-none-match'] as const).filter((header) => headers[header] !== undefined);
  if (named.length > 0) sendProblem(reply, invalidRequest(named.map(guardsNoCreate)));
  else next();
}

const guardsNoCreate = (header: string) => ({
  header,
  detail: 'guards no create; an id or an Idempotency-Key does',
});

/** A hook that refuses a write whose If-Match is malformed, or missing where it is required, and one with If-None-Match. */
export const readIfMatch =
  (required: boolean) =>
  (request: FastifyRequest, reply: FastifyReply, next: () => void): void => {
    if (request.headers['if-none-match'] !== undefined) return void sendProblem(reply, guardsReadsAlone);
    const header = request.headers['if-match'];
    const tags = header === undefined ? undefined : tagsOf(header);
    if (header === undefined && required) return void sendProblem(reply, ifMatchRequired);
    if (header !== undefined && tags === undefined) return void sendProblem(reply, malformed('if-match'));

    request.expected = tags === '*' ? undefined : tags?.filter((tag) => REVISION.test(tag)).map(toRevision);
    next();
  };

const toRevision = (tag: string): Revision => Number(tag) as Revision;

/** A hook that refuses a malformed If-None-Match. */
export function checkIfNoneMatch(request: FastifyRequest, reply: FastifyReply, next: () => void): void {
  const header = request.headers['if-none-match'];
  if (header !== undefined && tagsOf(header) === undefined) sendProblem(reply, malformed('if-none-match'));
  else next();
}

/** Whether the client said by If-None-Match that it holds this revision already. */
export function isKnown(request: FastifyRequest, revision: Revision): boolean {
  const header = request.headers['if-none-match'];
  const tags = header === undefined ? undefined : tagsOf(header);
  return tags === '*' || tags?.includes(String(revision)) === true;
}

/**
 * The opaque parts of a list of entity tags (RFC 9110, section 8.8.3), `undefined` if it is malformed. Weak tags are taken
 * as strong ones: compressing proxies weaken ours, and a revision says exactly which task is meant all the same.
 */
function tagsOf(header: string): readonly string[] | '*' | undefined {
  if (header === '*') return '*';
  if (!TAG_LIST.test(header)) return undefined;
  return [...header.matchAll(OPAQUE_TAGS)].map(([, tag = '']) => tag);
}

const malformed = (header: string): Problem =>
  invalidRequest([{ header, detail: 'must be * or a list of entity tags, each in double quotes' }]);
