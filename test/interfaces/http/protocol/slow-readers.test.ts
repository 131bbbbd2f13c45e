import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { alwaysReady } from '../../../../src/infrastructure/memory/always-ready.ts';
import { DEFAULT_LIMITS, type Limits } from '../../../../src/interfaces/http/protocol/limits.ts';
import { BigPages } from '../../../support/big-pages.ts';
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

function service(minBytes: number) {
  const slowReader: Limits['slowReader'] = { windowMs: 300, minBytes, checkIntervalMs: 50 };
  const { log, lines } = logLines();
  const tasks = new BigPages();
  const port = listening(() => serverOn(tasks, alwaysReady, { limits: { ...DEFAULT_LIMITS, slowReader }, log }));
  const open = (...requests: string[]) => {
    const connection = new RawConnection(port()).send(...requests);
    connections.push(connection);
    return connection;
  };
  const disconnected = () => lines().filter(({ msg }) => msg === 'slow client disconnected');
  return { tasks, open, disconnected };
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

describe('a client below the minimum rate', () => {
  const { open, disconnected } = service(500_000_000);

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
});
