import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { alwaysReady } from '../../../../src/infrastructure/memory/always-ready.ts';
import { DEFAULT_LIMITS, type Limits } from '../../../../src/interfaces/http/protocol/limits.ts';
import { BigPages, PAGE_BYTES } from '../../../support/big-pages.ts';
import { listening } from '../../../support/listening.ts';
import { logLines } from '../../../support/log-lines.ts';
import { RawConnection } from '../../../support/raw-connection.ts';
import { serverOn } from '../../../support/server.ts';

const LIST = 'GET /api/alice/tasks HTTP/1.1\r\nHost: a\r\n\r\n';
const HELD = 'GET /api/alice/tasks/01a1f964-da27-7000-9321-a34db3c73df6 HTTP/1.1\r\nHost: a\r\n\r\n';

const connections: RawConnection[] = [];
afterEach(() => {
  for (const connection of connections.splice(0)) connection.close();
});

function service(minBytes: number, windowMs = 300) {
  const slowReader: Limits['slowReader'] = { windowMs, minBytes, checkIntervalMs: 50 };
  const { log, lines } = logLines();
  const tasks = new BigPages();
  const port = listening(() => serverOn(tasks, alwaysReady, { limits: { ...DEFAULT_LIMITS, slowReader }, log }));
  const open = (...requests: string[]) => {
    const connection = new RawConnection(port()).send(...requests);
    connections.push(connection);
    return connection;
  };
  const disconnected = () => lines().filter(({ msg }) => msg === 'slow client disconnected');
  return { tasks, port, open, disconnected };
}

describe('a client', () => {
  const { tasks, open, disconnected } = service(1_000);

  it('that does not read is disconnected, others are not', async () => {
    const stalled = open(LIST).pause();
    while (disconnected().length === 0) expect((await open(LIST).answer())?.status).toBe(200);
    stalled.resume();
    expect(await stalled.answer()).toBeUndefined();
    expect(disconnected()).toMatchObject([{ level: 30, reqId: expect.any(String) }]);
  });

  it('that waits for an earlier response of its connection is not disconnected', async () => {
    const before = disconnected().length;
    const connection = open(HELD, LIST);
    await vi.waitFor(() => expect(tasks.started).toHaveLength(1));
    await sleep(700);
    tasks.open();
    expect((await connection.answer())?.status).toBe(404);
    expect((await connection.answer())?.status).toBe(200);
    expect(disconnected()).toHaveLength(before);
  });
});

describe('a client above the minimum rate', () => {
  const { port, disconnected } = service(1_000, 1_000);

  it('gets all of a response that takes longer than the window', async () => {
    const socket = connect(port()).pause();
    socket.write(LIST);
    let received = 0;
    while (received < PAGE_BYTES) {
      const chunk = socket.read(Math.min(20_000, socket.readableLength)) as Buffer | null;
      received += chunk?.length ?? 0;
      await sleep(5);
      expect(disconnected()).toEqual([]);
    }
    socket.destroy();
  });
});

describe('a client below the minimum rate', () => {
  const { tasks, open, disconnected } = service(500_000_000);

  it('is disconnected although it makes progress', async () => {
    const slow = open(LIST.repeat(4)).pause();
    for (let n = 0; n < 200 && disconnected().length === 0; n++) {
      slow.resume();
      await sleep(1);
      slow.pause();
      await sleep(20);
    }
    expect(disconnected().length).toBeGreaterThan(0);
  });

  it('has the whole window from the moment at which its response is ready', async () => {
    const before = disconnected().length;
    open(HELD, LIST).pause();
    await vi.waitFor(() => expect(tasks.started).toHaveLength(1));
    await sleep(250);
    const readyMs = performance.now();
    tasks.open();
    await vi.waitFor(() => expect(disconnected().length).toBeGreaterThan(before), { interval: 5, timeout: 5_000 });
    expect(performance.now() - readyMs).toBeGreaterThan(200);
  });
});
