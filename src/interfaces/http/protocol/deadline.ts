import type { FastifyReply } from 'fastify';

/** The handler did not respond before the deadline. Mapped to 503. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
}

/** Ignores what the handler returns or throws after the response. Fastify would log it as an error, with the URL. */
export function discardLaterReplies(reply: FastifyReply): void {
  reply.send = () => reply;
  // Otherwise Fastify logs a later rejection and does not call `send`.
  Object.defineProperty(reply, 'sent', { value: false });
}
