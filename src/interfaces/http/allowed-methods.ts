import { METHODS } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { type Problem, sendProblem } from './problem.ts';

/** Must be called before the first `answerOtherMethods`: the router refuses methods that it was not told of. */
export function acceptAllMethods(http: FastifyInstance): void {
  const known = http.supportedMethods;
  for (const method of METHODS) if (!known.includes(method)) http.addHttpMethod(method);
}

/** OPTIONS tells which methods a path has, any other method is refused, both before a body is looked at. */
export function answerOtherMethods(http: FastifyInstance, url: string, methods: readonly HTTPMethods[]): void {
  const allowed = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
  const allow = allowed.join(', ');
  const answer = (request: FastifyRequest, reply: FastifyReply): void => {
    if (request.method === 'OPTIONS') reply.code(204).header('allow', allow).send();
    else sendProblem(reply, methodNotAllowed(allow));
  };
  http.route({
    url,
    method: ['OPTIONS', ...METHODS.filter((method) => !allowed.includes(method))] as HTTPMethods[],
    onRequest: answer,
    handler: answer,
  });
}

export const methodNotAllowed = (allow: string): Problem => ({
  code: 'method-not-allowed',
  detail: `Allowed are ${allow}.`,
  headers: { allow },
});
