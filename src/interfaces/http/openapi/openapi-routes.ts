import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { answerOtherMethods } from '../allowed-methods.ts';
import { openApiDocument } from './document.ts';

export const openApiRoutes: FastifyPluginCallbackTypebox = (http, _options, done) => {
  let text: string | undefined;
  http.get('/openapi.json', async (_request, reply) => {
    text ??= JSON.stringify(openApiDocument());
    return reply.type('application/json; charset=utf-8').send(text);
  });
  answerOtherMethods(http, '/openapi.json', ['GET']);
  done();
};
