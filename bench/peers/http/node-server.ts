import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { PROBLEM_TYPE, problemJson } from '../contract/problems.ts';
import type { Tasks } from '../contract/tasks.ts';
import { type Reply, rejection, route } from './node-routes.ts';
import { type PeerServer, settings } from './run-peer.ts';

/** Without a framework: routing by regular expression, hand-written validation, `JSON.stringify`. */
export function nodeServer(tasks: Tasks): PeerServer {
  const log = pino({ level: settings.logLevel, base: null });

  const server = createServer(async (request, response) => {
    const began = performance.now();
    const id = randomUUID();
    const reply = await route(tasks, request).catch((error: unknown) => {
      log.error(error);
      return rejection('internal-error');
    });
    write(response, reply, id);
    const ms = Math.round((performance.now() - began) * 10) / 10;
    log.info({ reqId: id, method: request.method, status: reply.status, ms }, 'request');
  });

  return {
    listen: () =>
      new Promise((resolve) => {
        server.listen({ host: '127.0.0.1', port: 0, backlog: 4_096 }, () =>
          resolve((server.address() as AddressInfo).port),
        );
      }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await tasks.close();
    },
  };
}

function write(response: ServerResponse, { status, headers, body, problem }: Reply, id: string): void {
  const text = problem === undefined ? body && JSON.stringify(body) : problemJson(problem.code, id, problem.current);
  response.writeHead(status, {
    'x-request-id': id,
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-cache',
    ...headers,
    ...(text !== undefined && {
      'content-type': problem === undefined ? 'application/json; charset=utf-8' : PROBLEM_TYPE,
      'content-length': Buffer.byteLength(text),
    }),
  });
  response.end(text);
}
