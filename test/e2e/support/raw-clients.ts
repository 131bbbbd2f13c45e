import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const requestText = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

async function open(baseUrl: string): Promise<Socket> {
  const { port } = new URL(baseUrl);
  const socket = connect({ port: Number(port), host: '127.0.0.1' });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Pipelines requests on one connection, and disconnects when all have a response or the time is over. */
export async function pipeline(baseUrl: string, path: string, count: number, ms: number): Promise<void> {
  const socket = await open(baseUrl);
  let responses = 0;
  const done = new Promise<void>((resolve) => {
    socket.on('close', resolve).on('data', (data) => {
      responses += data.toString('latin1').split('HTTP/1.1 ').length - 1;
      if (responses >= count) resolve();
    });
  });
  socket.write(requestText(path).repeat(count));
  const controller = new AbortController();
  await Promise.race([done, sleep(ms, undefined, { signal: controller.signal })]);
  controller.abort();
  socket.destroy();
}

const READ_INTERVAL_MS = 5_000;
const BYTES_PER_READ = 4_096;

/** Clients that read their responses at less than 1 KiB/s. */
export class SlowReaders {
  readonly #sockets: readonly Socket[];
  readonly #timer: NodeJS.Timeout;

  private constructor(sockets: readonly Socket[], path: string) {
    this.#sockets = sockets;
    for (const socket of sockets) socket.pause().write(requestText(path));
    for (const socket of sockets) socket.once('readable', () => socket.read(BYTES_PER_READ));
    this.#timer = setInterval(() => {
      for (const socket of sockets) socket.read(BYTES_PER_READ);
    }, READ_INTERVAL_MS);
  }

  static async open(baseUrl: string, path: string, count: number): Promise<SlowReaders> {
    return new SlowReaders(await Promise.all(Array.from({ length: count }, () => open(baseUrl))), path);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const socket of this.#sockets) socket.destroy();
  }
}
