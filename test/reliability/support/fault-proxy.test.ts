import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FaultProxy } from './fault-proxy.ts';
import { hasAnswered } from './faults.ts';

/** Answers as PostgreSQL would: a CommandComplete, and some time later a ReadyForQuery. */
const COMPLETE = Buffer.from('C\0\0\0\x0dINSERT 1\0');
const READY = Buffer.from('Z\0\0\0\x05I');

let server: Server;
let proxy: FaultProxy;
let received: string[];
let arrivals: Socket[];
let opened: Socket[];

beforeEach(async () => {
  [received, arrivals, opened] = [[], [], []];
  server = createServer((socket) => {
    arrivals.push(socket.on('error', () => {}));
    socket.on('data', (data) => {
      received.push(String(data));
      if (String(data).startsWith('insert')) socket.write(COMPLETE, () => setTimeout(() => socket.write(READY), 30));
      else socket.write(`re: ${data}`);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await FaultProxy.before((server.address() as AddressInfo).port);
});

afterEach(async () => {
  await proxy.close();
  for (const socket of [...arrivals, ...opened]) socket.destroy();
  server.close();
});

async function client(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1').on('error', () => {});
  opened.push(socket);
  await once(socket, 'connect');
  return socket;
}

async function ask(socket: Socket, question: string): Promise<string> {
  socket.write(question);
  const [answer] = await once(socket, 'data');
  return String(answer);
}

/** How a connection ends: in order, or with the code of an error. */
function endOf(socket: Socket): Promise<string> {
  socket.resume();
  return new Promise((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
    socket.once('end', () => resolve('end'));
  });
}

const silence = async (socket: Socket, forMs: number): Promise<boolean> =>
  Promise.race([
    once(socket, 'data').then(() => false),
    new Promise<boolean>((resolve) => setTimeout(resolve, forMs, true)),
  ]);

describe('a fault proxy', () => {
  it('passes both ways, and the end too', async () => {
    const socket = await client();
    expect(await ask(socket, 'a')).toBe('re: a');
    expect([proxy.accepted, proxy.pieces]).toEqual([1, 1]);
    arrivals[0]?.end();
    expect(await endOf(socket)).toBe('end');
  });

  it('is late by its latency', async () => {
    await proxy.set({ kind: 'latency', ms: 40, jitterMs: 5 });
    const begun = performance.now();
    expect(await ask(await client(), 'a')).toBe('re: a');
    expect(performance.now() - begun).toBeGreaterThan(78);
  });

  it('slices', async () => {
    await proxy.set({ kind: 'slicer', bytes: 1, pauseMs: 2 });
    expect(await ask(await client(), 'a')).toBe('r');
    expect(received).toEqual(['a']);
  });

  it('resets after a number of bytes of the answer', async () => {
    await proxy.set({ kind: 'limitBytes', bytes: 0 });
    const socket = await client();
    socket.write('a');
    expect(await endOf(socket)).toBe('ECONNRESET');
    expect(received).toEqual(['a']);
  });

  it('reaches the server later', async () => {
    await proxy.set({ kind: 'acceptDelay', ms: 50 });
    const begun = performance.now();
    expect(await ask(await client(), 'a')).toBe('re: a');
    expect(performance.now() - begun).toBeGreaterThan(48);
  });

  it('refuses new connections, keeps the old ones, and listens again on the same port', async () => {
    const socket = await client();
    await proxy.set({ kind: 'refuse' });
    await expect(client()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(await ask(socket, 'a')).toBe('re: a');
    await proxy.heal();
    expect(await ask(await client(), 'b')).toBe('re: b');
  });

  it.each([
    ['fin', 'end'],
    ['rst', 'ECONNRESET'],
  ] as const)('ends connections by %s', async (kind, end) => {
    const socket = await client();
    await ask(socket, 'a');
    const ended = endOf(socket);
    await proxy.set({ kind });
    expect(await ended).toBe(end);
    const late = connect(proxy.port, '127.0.0.1');
    opened.push(late);
    expect(await endOf(late)).toBe(end);
  });

  it('freezes without closing, hides that a client went away, and thaws', async () => {
    const [socket, leaving] = [await client(), await client()];
    await Promise.all([ask(socket, 'a'), ask(leaving, 'a')]);
    await proxy.set({ kind: 'freeze' });
    socket.write('b');
    leaving.destroy();
    expect(await silence(socket, 50)).toBe(true);
    expect(received).toEqual(['a', 'a']);
    expect(arrivals.map(({ destroyed }) => destroyed)).toEqual([false, false]);
    await proxy.heal();
    expect(String(await once(socket, 'data'))).toBe('re: b');
    await vi.waitFor(() => expect(arrivals.map(({ destroyed }) => destroyed)).toEqual([false, true]));
  });

  it('freezes answers alone', async () => {
    const socket = await client();
    await proxy.set({ kind: 'freezeDown' });
    socket.write('a');
    expect(await silence(socket, 50)).toBe(true);
    expect(received).toEqual(['a']);
    await proxy.heal();
    expect(String(await once(socket, 'data'))).toBe('re: a');
  });

  it('gives one connection a fault of its own', async () => {
    const [one, other] = [await client(), await client()];
    await Promise.all([ask(one, 'a'), ask(other, 'a')]);
    const [first] = proxy.relays;
    first?.set({ kind: 'freeze' });
    one.write('b');
    expect(await ask(other, 'c')).toBe('re: c');
    expect(received).toEqual(['a', 'a', 'c']);
  });

  it('kills before a matching piece arrives, as often as it is told', async () => {
    await proxy.set({ kind: 'killOn', pattern: /insert/i, times: 1 });
    const socket = await client();
    expect(await ask(socket, 'select')).toBe('re: select');
    socket.write('insert');
    expect(await endOf(socket)).toBe('ECONNRESET');
    expect([received, proxy.kills]).toEqual([['select'], 1]);
    expect(await ask(await client(), 'insert')).toContain('INSERT 1');
  });

  it.each(['killAfterComplete', 'killAfterReady'] as const)(
    '%s lets the statement arrive, and no answer',
    async (kind) => {
      await proxy.set({ kind, pattern: /insert/i });
      const socket = await client();
      expect(await ask(socket, 'select')).toBe('re: select');
      const begun = performance.now();
      socket.write('insert');
      const answered = vi.fn();
      socket.on('data', answered);
      expect(await endOf(socket)).toBe('ECONNRESET');
      expect(received).toEqual(['select', 'insert']);
      expect(answered).not.toHaveBeenCalled();
      if (kind === 'killAfterReady') expect(performance.now() - begun).toBeGreaterThan(25);
    },
  );

  it('leaves nothing of a held answer behind when it heals', async () => {
    await proxy.set({ kind: 'killAfterReady', pattern: /insert/i });
    const socket = await client();
    socket.write('insert');
    await vi.waitFor(() => expect(received).toEqual(['insert']), { interval: 1 });
    await proxy.heal();
    expect(await silence(socket, 100)).toBe(false);
  });
});

describe('hasAnswered', () => {
  it('reads messages, and no letters inside them', () => {
    const row = Buffer.from('D\0\0\0\x08ZCZC');
    expect(hasAnswered(row, { kind: 'killAfterComplete' })).toBe(false);
    expect(hasAnswered(Buffer.concat([row, COMPLETE]), { kind: 'killAfterComplete' })).toBe(true);
    expect(hasAnswered(Buffer.concat([row, COMPLETE]), { kind: 'killAfterReady' })).toBe(false);
    expect(hasAnswered(Buffer.concat([COMPLETE, READY]), { kind: 'killAfterReady' })).toBe(true);
    expect(hasAnswered(READY.subarray(0, 4), { kind: 'killAfterReady' })).toBe(false);
  });
});
