import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alwaysReady } from '../../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../../src/infrastructure/memory/in-memory-task-repository.ts';
import { Api } from '../../support/api.ts';
import { serverOn } from '../../support/server.ts';

const page = join(import.meta.dirname, '../../../src/interfaces/http/docs/page');
const files = readdirSync(page);
const urlOf = (file: string) => (file === 'index.html' ? '/docs' : `/docs/${file}`);
const api = new Api(serverOn(new InMemoryTaskRepository(), alwaysReady));

describe.each(files)('of the page, %s', (file) => {
  const url = urlOf(file);
  const content = readFileSync(join(page, file), 'utf8');

  it('is served with a type, and may load nothing but what this service serves', async () => {
    const { status, headers, text } = await api.get(url);
    expect([status, text]).toEqual([200, content]);
    expect(headers).toMatchObject({
      'content-type': expect.stringMatching(/^(text\/(html|css|javascript); charset=utf-8|image\/svg\+xml)$/),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.any(String),
      'cache-control': 'private, no-cache',
    });
    // Each whole, so that none may allow more than this.
    expect((headers['content-security-policy'] as string).split('; ').sort()).toEqual([
      "base-uri 'none'",
      "connect-src 'self'",
      "default-src 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "img-src 'self'",
      "require-trusted-types-for 'script'",
      "script-src 'self'",
      "style-src 'self'",
    ]);
  });

  it('has the methods GET and HEAD alone', async () => {
    expect((await api.send('HEAD', url)).status).toBe(200);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const { status, headers } = await api.send(method, url);
      expect([status, headers['allow']]).toEqual([405, 'GET, HEAD, OPTIONS']);
    }
    expect((await api.send('OPTIONS', url)).headers['allow']).toBe('GET, HEAD, OPTIONS');
  });

  it('names no other host', () => {
    const names = content.replaceAll('http://www.w3.org/2000/svg', '').match(/(https?:)?\/\/[\w-]+\.\w+/g);
    expect(names).toBeNull();
  });
});

describe.each([
  '/docs/',
  '/docs/nope.js',
  '/docs/../server.ts',
  '/docs/..%2fserver.ts',
  '/docs/%2e%2e/server.ts',
  '/docs/index.html',
  '/docs/__proto__',
])('%s', (url) => {
  it.each(['GET', 'HEAD', 'POST', 'OPTIONS'])('is no route for %s', async (method) => {
    const { status, headers } = await api.send(method, url);
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json']);
  });
});
