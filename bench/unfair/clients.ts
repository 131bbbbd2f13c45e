import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const HOST = '127.0.0.1';
const PAUSE_AFTER_REJECTION_MS = 50;
const REQUEST_TIMEOUT_MS = 20_000;

/** Responses by status. `failed`: no response. */
export type Outcomes = Record<string, number>;

export const add = (outcomes: Outcomes, key: string | number): void => {
  outcomes[key] = (outcomes[key] ?? 0) + 1;
};

export interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly body?: object;
}

/** @returns the status, or `failed` */
export function send(agent: Agent, port: number, { method, path, body }: Request): Promise<string> {
  const text = body && JSON.stringify(body);
  const headers = text === undefined ? {} : { 'content-type': 'application/json', 'content-length': text.length };
  return new Promise((resolve) => {
    const outgoing = request({ agent, port, host: HOST, method, path, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(`${response.statusCode}`)).on('error', () => resolve('failed'));
    });
    outgoing.setTimeout(REQUEST_TIMEOUT_MS, () => outgoing.destroy());
    outgoing.on('error', () => resolve('failed')).end(text);
  });
}

/** Each client sends its next request when it has a response, and after 50 ms if that is not a 2xx. */
export async function repeat(port: number, clients: number, endAt: number, next: () => Request): Promise<Outcomes> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const outcomes: Outcomes = {};
  const client = async (): Promise<void> => {
    while (performance.now() < endAt) {
      const status = await send(agent, port, next());
      add(outcomes, status);
      if (!status.startsWith('2')) await sleep(PAUSE_AFTER_REJECTION_MS);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  agent.destroy();
  return outcomes;
}

/** Sends `count` requests at the same time and repeats that when all have a response. */
export async function burst(port: number, count: number, endAt: number, next: () => Request): Promise<Outcomes> {
  const agent = new Agent({ keepAlive: true, maxSockets: count });
  const outcomes: Outcomes = {};
  while (performance.now() < endAt) {
    const statuses = await Promise.all(Array.from({ length: count }, () => send(agent, port, next())));
    for (const status of statuses) add(outcomes, status);
  }
  agent.destroy();
  return outcomes;
}

const pipelined = (path: string, count: number): string =>
  `GET ${path} HTTP/1.1\r\nhost: ${HOST}\r\n\r\n`.repeat(count);

function open(port: number): Socket {
  const socket = connect({ port, host: HOST });
  return socket.on('error', () => {});
}

/** Sends `count` requests on one connection without waiting for responses, and again when all are there. */
export async function pipeline(port: number, count: number, endAt: number, path: string): Promise<Outcomes> {
  const outcomes: Outcomes = {};
  let socket = open(port);
  let missing = count;
  let rest = '';
  const start = () => {
    missing = count;
    rest = '';
    socket.write(pipelined(path, count));
    socket.on('data', (bytes) => {
      const text = rest + bytes.toString('latin1');
      const found = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)];
      rest = text.slice(-12);
      if (/HTTP\/1\.1 \d{3} /.test(rest)) rest = '';
      for (const [, status = ''] of found) add(outcomes, status);
      missing -= found.length;
      if (missing <= 0 && performance.now() < endAt) {
        missing = count;
        socket.write(pipelined(path, count));
      }
    });
  };
  start();
  while (performance.now() < endAt) {
    await sleep(50);
    if (!socket.destroyed) continue;
    add(outcomes, 'closed');
    socket = open(port);
    start();
  }
  socket.destroy();
  return outcomes;
}

/** Each client asks for many large pages on one connection and reads 4 KB every 5 s. */
export async function readSlowly(port: number, clients: number, endAt: number, path: string): Promise<Outcomes> {
  const outcomes: Outcomes = {};
  const sockets = Array.from({ length: clients }, () => {
    const socket = open(port);
    // Without a consumer, Node stops reading when its buffer is full.
    socket.on('readable', () => {});
    socket.write(pipelined(path, 16));
    socket.on('close', () => {
      if (performance.now() < endAt) add(outcomes, 'closed');
    });
    return socket;
  });
  while (performance.now() < endAt) {
    await sleep(Math.min(5_000, Math.max(0, endAt - performance.now())));
    for (const socket of sockets) {
      const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(socket.read(4_096)?.toString('latin1') ?? '') ?? [];
      if (status !== undefined) add(outcomes, status);
    }
  }
  for (const socket of sockets) socket.destroy();
  return outcomes;
}
