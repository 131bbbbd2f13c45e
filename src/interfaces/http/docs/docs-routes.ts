import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { answerOtherMethods } from '../allowed-methods.ts';

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

/** The page on which a person can try the API: `page/index.html`, and the files beside it below `/docs/`. */
export const docsRoutes: FastifyPluginCallbackTypebox = (http, _options, done) => {
  for (const file of readdirSync(PAGE)) {
    const url = file === 'index.html' ? '/docs' : `/docs/${file}`;
    const bytes = readFileSync(new URL(file, PAGE));
    const headers = {
      'content-type': MEDIA_TYPES[extname(file)],
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'referrer-policy': 'no-referrer',
    };
    http.get(url, async (_request, reply) => reply.headers(headers).send(bytes));
    answerOtherMethods(http, url, ['GET']);
  }
  done();
};
