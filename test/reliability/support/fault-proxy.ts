import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, type Kill, PASS } from './faults.ts';
import { Relay } from './relay.ts';

/** Stands between a client and a server on this machine, and spoils what goes through it as it is told. */
export class FaultProxy {
  /** The open connections, each of which can be given a fault of its own. */
  readonly relays = new Set<Relay>();
  /** How many connections were accepted. */
  accepted = 0;
  /** How many statements or requests were cut off by a kill. */
  kills = 0;
  /** How many pieces went up, over all connections. A client that waits for its answers sends one piece at a time. */
  pieces = 0;
  port = 0;
  readonly #target: number;
  readonly #waiting = new Set<Socket>();
  #server: Server | undefined;
  #fault: Fault = PASS;
  #killsOfFault = 0;

  private constructor(target: number) {
    this.#target = target;
  }

  /** @param target the port of the server */
  static async before(target: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await proxy.#listen();
    return proxy;
  }

  /** For what is connected, and for whoever connects from now on. */
  async set(fault: Fault): Promise<void> {
    this.#fault = fault;
    this.#killsOfFault = 0;
    for (const relay of this.relays) relay.set(fault);
    if (fault.kind === 'refuse') this.#hangUp();
    else await this.#listen();
  }

  heal(): Promise<void> {
    return this.set(PASS);
  }

  /** The same address by way of this proxy. */
  through(url: string): string {
    const around = new URL(url);
    around.hostname = '127.0.0.1';
    around.port = String(this.port);
    return around.href.replace(/\/$/, '');
  }

  async close(): Promise<void> {
    this.#hangUp();
    for (const socket of this.#waiting) socket.destroy();
    for (const relay of this.relays) relay.set({ kind: 'rst' });
    await Promise.all([...this.relays].map(({ closed }) => closed));
  }

  async #listen(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.address() as AddressInfo).port;
  }

  #hangUp(): void {
    this.#server?.close();
    this.#server = undefined;
  }

  async #accept(client: Socket): Promise<void> {
    this.accepted += 1;
    client.on('error', () => {});
    if (this.#fault.kind === 'acceptDelay') {
      this.#waiting.add(client);
      await sleep(this.#fault.ms);
      this.#waiting.delete(client);
      if (client.destroyed) return;
    }
    const takeKill = (kill: Kill) => this.#takeKill(kill);
    const count = () => {
      this.pieces += 1;
    };
    const relay = new Relay({ client, port: this.#target, fault: this.#fault, takeKill, count });
    this.relays.add(relay);
    await relay.closed;
    this.relays.delete(relay);
  }

  #takeKill({ times = Number.POSITIVE_INFINITY }: Kill): boolean {
    if (this.#killsOfFault >= times) return false;
    this.#killsOfFault += 1;
    this.kills += 1;
    return true;
  }
}
