import type { FastifyInstance, FastifyReply } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    deadline: NodeJS.Timeout | undefined;
  }
}

/** Later than the time for the body, whose lateness is the client's fault and has an answer of its own. */
const ANSWER_WITHIN_MS = 12_000;

/** What serves a request has not come to an end. */
export class AnswerOverdue extends Error {
  override readonly name = 'AnswerOverdue';
}

/**
 * Gives up requests that are not answered in time. The framework's own limit makes a signal for each request as well, which
 * nobody listens to, and which costs more than the rest of this.
 */
export function limitAnswerTime(http: FastifyInstance): void {
  http.decorateRequest('deadline', undefined);
  http.addHook('onRequest', (request, reply, next) => {
    request.deadline = setTimeout(giveUp, ANSWER_WITHIN_MS, reply);
    next();
  });
  http.addHook('onSend', ({ deadline }, _reply, payload, next) => {
    clearTimeout(deadline);
    next(null, payload);
  });
}

function giveUp(reply: FastifyReply): void {
  reply.send(new AnswerOverdue('The request was not answered in time'));
  // What the handler says later goes nowhere. The framework would log that, with the address.
  reply.send = () => reply;
}
