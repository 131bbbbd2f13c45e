import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerOtherMethods } from '../allowed-methods.ts';
import { sendProblem } from '../problem.ts';
import { routeNotFound } from '../request-guard.ts';

const PAGE = new URL('page/', import.meta.url);

const MEDIA_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The page asks this service alone, runs no code but its own files, and is shown in no other page. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const ENTRY = 'index.html';

interface File {
  readonly bytes: Buffer;
  readonly type: string | undefined;
}

const fileOf = (name: string): File => ({
  bytes: readFileSync(new URL(name, PAGE)),
  type: MEDIA_TYPES[extname(name)],
});

/** Read before anything is opened, so that a build that lacks them says so. */
const FILES: ReadonlyMap<string, File> = new Map(readdirSync(PAGE).map((name) => [name, fileOf(name)]));

/** The page on which a person can try the API: `page/index.html`, and the files beside it below `/docs/`. */
export const docsRoutes: FastifyPluginCallbackTypebox = (http, _options, done) => {
  const files = new Map(FILES);
  files.delete(ENTRY);

  http.get('/docs', async (_request, reply) => sendFile(reply, FILES.get(ENTRY) as File));
  answerOtherMethods(http, '/docs', ['GET']);

  http.register((below: typeof http, _none, registered) => {
    below.addHook('onRequest', (request, reply, next) => {
      if (files.has(nameIn(request))) next();
      else sendProblem(reply, routeNotFound);
    });
    below.get('/docs/:name', async (request, reply) => sendFile(reply, files.get(nameIn(request)) as File));
    answerOtherMethods(below, '/docs/:name', ['GET']);
    registered();
  });
  done();
};

const nameIn = ({ params }: FastifyRequest): string => (params as { name: string }).name;

const sendFile = (reply: FastifyReply, { bytes, type }: File): FastifyReply =>
  reply
    .headers({
      'content-type': type,
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'referrer-policy': 'no-referrer',
    })
    .send(bytes);
