import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { FastifyBaseLogger } from 'fastify';
import { describe, expect, it } from 'vitest';
import { ClientErrors } from '../../../src/interfaces/http/client-errors.ts';

/** Holds what is sent, as a socket does. */
class Wire extends Duplex {
  sent = '';

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.sent += chunk;
    done();
  }
}

function aClientError() {
  const wire = new Wire();
  const socket = wire as unknown as Socket;
  const lines: unknown[] = [];
  const errors = new ClientErrors({ info: (line: unknown) => lines.push(line) } as unknown as FastifyBaseLogger);
  return { wire, socket, lines, refuse: (code?: string) => errors.refuse({ ...(code && { code }) }, socket), errors };
}

describe('a connection on which no request can be made out', () => {
  it('is told so once, and the log why', () => {
    const { wire, lines, refuse } = aClientError();
    refuse('HPE_INVALID_METHOD');
    refuse('HPE_INVALID_CONSTANT');
    expect(wire.sent.match(/HTTP\/1.1 400 Bad Request/g)).toHaveLength(1);
    expect(wire.sent).toContain('\r\nConnection: close\r\n');
    expect(wire.sent).toMatch(/\r\nDate: .* GMT\r\n/);
    expect([wire.writableEnded, wire.destroyed]).toEqual([true, false]);
    const reqId = /X-Request-Id: (.*)\r/.exec(wire.sent)?.[1];
    expect(lines).toEqual([{ reqId, status: 400, code: 'HPE_INVALID_METHOD' }]);
  });

  it('is told that time is up', () => {
    const { wire, refuse } = aClientError();
    refuse('ERR_HTTP_REQUEST_TIMEOUT');
    expect(wire.sent).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n.*"code":"request-timeout"/s);
  });

  it.each([
    ['a target', `GET /${'x'.repeat(9_000)}`, 'uri-too-long'],
    ['a header', `GET / HTTP/1.1\r\nX: GET ${'x'.repeat(9_000)}`, 'headers-too-large'],
  ])('is told that %s is too long', (_what, packet, code) => {
    const { wire, errors, socket } = aClientError();
    errors.refuse({ code: 'HPE_HEADER_OVERFLOW', rawPacket: Buffer.from(packet) }, socket);
    expect(wire.sent).toContain(`"code":"${code}"`);
  });

  it('is told what is expected in vain, and the log too', () => {
    const { lines, errors, socket } = aClientError();
    const told: unknown[] = [];
    const response = { writeHead: (status: number, headers: object) => told.push(status, headers), end: () => {} };
    errors.refuseExpectation({ socket } as IncomingMessage, response as unknown as ServerResponse);
    const [line] = lines as [{ reqId: string }];
    expect(line).toEqual({ reqId: expect.any(String), status: 417, code: undefined });
    expect(told).toEqual([417, expect.objectContaining({ 'x-request-id': line.reqId, connection: 'close' })]);
  });

  it('is given up without a word when the client has gone', () => {
    const { wire, lines, refuse } = aClientError();
    refuse('ECONNRESET');
    expect([wire.destroyed, wire.sent, lines]).toEqual([true, '', []]);
  });

  it('is given up without a word when nothing can be sent on it any more', () => {
    const { wire, lines, refuse } = aClientError();
    wire.end();
    refuse('HPE_INVALID_METHOD');
    expect([wire.destroyed, wire.sent, lines]).toEqual([true, '', []]);
  });

  it('is not told when it was closed before the answers that go first', () => {
    const { wire, socket, lines, refuse, errors } = aClientError();
    let end = () => {};
    const response = { writableFinished: false, once: (_event: string, listener: () => void) => (end = listener) };
    errors.expectAnswer(
      { socket } as IncomingMessage,
      { ...response, req: { complete: true } } as unknown as ServerResponse,
    );
    refuse('HPE_INVALID_METHOD');
    wire.end();
    end();
    expect([wire.sent, lines]).toEqual(['', []]);
  });
});
