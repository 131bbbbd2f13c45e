import type { FastifyReply, FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { RequestLog } from '../../../src/interfaces/http/request-log.ts';

describe('the line of a request', () => {
  function lineOf(error: Error | null, more = {}): unknown {
    const lines: unknown[] = [];
    const request = {
      ...more,
      method: 'GET',
      routeOptions: { url: '/livez' },
      log: { info: (line: unknown, message: string) => lines.push([line, message]) },
    };
    const reply = { statusCode: 200, elapsedTime: 12.3456 };
    new RequestLog().requestCompleted(error, request as unknown as FastifyRequest, reply as FastifyReply);
    return lines;
  }

  it('tells the route, the status and the time in tenths of a millisecond', () => {
    expect(lineOf(null)).toEqual([[{ method: 'GET', route: '/livez', status: 200, ms: 12.3 }, 'request']]);
  });

  it('names the trace that follows the request', () => {
    const trace = { id: 'trace-1', end: () => {} };
    const line = { method: 'GET', route: '/livez', status: 200, ms: 12.3, trace_id: 'trace-1' };
    expect(lineOf(null, { trace })).toEqual([[line, 'request']]);
  });

  it('tells why an answer could not be sent whole', () => {
    const err = new Error('The socket is closed');
    expect(lineOf(err)).toEqual([[{ method: 'GET', route: '/livez', status: 200, ms: 12.3, err }, 'request']]);
  });
});
