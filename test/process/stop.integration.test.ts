import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { type RunningService, startService } from '../support/service-process.ts';

const BODY = JSON.stringify({ title: 'Buy milk' });

describe.concurrent('the service that is told to stop while a request is under way', () => {
  it('answers the request, as the last one on its connection, and ends, even when it is told twice', async () => {
    const service = await startService({ STORAGE: 'memory' });
    const socket = await halfARequestTo(service);
    const stopped = performance.now();
    process.kill(service.pid, 'SIGTERM');
    await vi.waitFor(() => expect(isRefused(service)).resolves.toBe(true));

    process.kill(service.pid, 'SIGTERM');
    socket.write(BODY.slice(5));
    const [answer] = await once(socket, 'data');

    expect(answer).toMatch(/^HTTP\/1.1 201 /);
    expect(answer).toMatch(/^connection: close\r$/im);
    expect(await service.exit).toBe(0);
    // Sooner than it would cut off whoever keeps a connection open.
    expect(performance.now() - stopped).toBeLessThan(7_000);
  });

  it('keeps serving while it announces that it stops', async () => {
    const service = await startService({ STORAGE: 'memory', SHUTDOWN_DELAY_MS: '1000' });
    process.kill(service.pid, 'SIGTERM');
    await vi.waitFor(async () => expect((await fetch(`${service.baseUrl}/readyz`)).status).toBe(503));

    const served = await fetch(`${service.baseUrl}/api/alice/tasks`);

    expect(served.status).toBe(200);
    expect(served.headers.get('connection')).toBe('close');
    expect(await service.exit).toBe(0);
  });
});

/** Waits for the answer to `Expect`, so that the service is known to be at it. */
async function halfARequestTo({ baseUrl }: RunningService): Promise<Socket> {
  const socket = connect(Number(new URL(baseUrl).port), '127.0.0.1').setEncoding('utf8');
  const head = ['POST /api/alice/tasks HTTP/1.1', 'Host: localhost', 'Content-Type: application/json'];
  socket.write([...head, `Content-Length: ${BODY.length}`, 'Expect: 100-continue', '', ''].join('\r\n'));
  expect(await once(socket, 'data')).toEqual(['HTTP/1.1 100 Continue\r\n\r\n']);
  socket.write(BODY.slice(0, 5));
  return socket;
}

const isRefused = ({ baseUrl }: RunningService): Promise<boolean> =>
  fetch(`${baseUrl}/livez`).then(
    () => false,
    () => true,
  );
