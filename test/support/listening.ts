import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll } from 'vitest';

/** Lets a server listen for as long as the tests of the describe block run. @returns how to tell its port */
export function listening(start: () => FastifyInstance | Promise<FastifyInstance>): () => number {
  let http: FastifyInstance;
  let port: number;
  beforeAll(async () => {
    http = await start();
    port = Number(new URL(await http.listen({ host: '127.0.0.1', port: 0 })).port);
  });
  afterAll(() => {
    // What a test has left open ends with it.
    http.server.closeAllConnections();
    return http.close();
  });
  return () => port;
}
