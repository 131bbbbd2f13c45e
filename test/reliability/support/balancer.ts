import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from './request.ts';

const PROBE_EVERY_MS = 50;

/** Spreads connections over the instances that say they are ready, and tries the next one when one refuses. */
export class Balancer {
  port = 0;
  readonly #server: Server;
  readonly #ready = new Map<number, boolean>();
  readonly #sockets = new Set<Socket>();
  readonly #probing: Promise<void>;
  #turn = 0;
  #isClosed = false;

  private constructor() {
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => this.#relay(client));
    this.#probing = this.#probe();
  }

  static async open(): Promise<Balancer> {
    const balancer = new Balancer();
    await new Promise<void>((resolve) => balancer.#server.listen(0, '127.0.0.1', resolve));
    balancer.port = (balancer.#server.address() as AddressInfo).port;
    return balancer;
  }

  /** To be used as soon as it is ready. */
  async add(port: number): Promise<void> {
    this.#ready.set(port, false);
    while (this.#ready.get(port) === false) await sleep(PROBE_EVERY_MS);
  }

  remove(port: number): void {
    this.#ready.delete(port);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await this.#probing;
  }

  async #probe(): Promise<void> {
    while (!this.#isClosed) {
      for (const port of this.#ready.keys()) {
        const { status } = await request(`http://127.0.0.1:${port}/readyz`);
        if (this.#ready.has(port)) this.#ready.set(port, status === 200);
      }
      await sleep(PROBE_EVERY_MS);
    }
  }

  async #relay(client: Socket): Promise<void> {
    client.on('error', () => {});
    const ports = [...this.#ready].filter(([, isReady]) => isReady).map(([port]) => port);
    const first = this.#turn++ % Math.max(1, ports.length);
    for (const port of [...ports.slice(first), ...ports.slice(0, first)]) {
      const server = await connected(port);
      if (server === undefined) continue;
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const) {
        this.#sockets.add(from);
        from.on('error', () => to.destroy()).on('close', () => this.#sockets.delete(from));
        from.pipe(to);
      }
      return;
    }
    client.destroy();
  }
}

function connected(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.once('connect', () => resolve(socket)).once('error', () => resolve(undefined));
  });
}
