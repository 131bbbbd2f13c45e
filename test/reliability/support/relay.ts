import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, hasAnswered, isKill, type Kill } from './faults.ts';

export interface RelayOptions {
  readonly client: Socket;
  /** Of the server. */
  readonly port: number;
  readonly fault: Fault;
  /** @returns whether this kill is still to be done, and counts it */
  readonly takeKill: (kill: Kill) => boolean;
  /** Told of each piece that goes up. */
  readonly count: () => void;
}

/** One connection through a fault proxy. */
export class Relay {
  /** Fulfilled when both sides have closed. */
  readonly closed: Promise<unknown>;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #takeKill: (kill: Kill) => boolean;
  readonly #count: () => void;
  readonly #changes = new EventEmitter();
  #fault: Fault;
  #bytesDown = 0;
  /** What came down since a statement went up whose answer is to be cut off. */
  #withheld: Buffer | undefined;

  constructor({ client, port, fault, takeKill, count }: RelayOptions) {
    this.#client = client;
    this.#fault = fault;
    this.#takeKill = takeKill;
    this.#count = count;
    this.#server = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    for (const socket of [this.#client, this.#server]) socket.setNoDelay().on('error', () => {});
    this.closed = Promise.all([this.#relay(this.#client, this.#server), this.#relay(this.#server, this.#client)]);
    this.set(fault);
  }

  set(fault: Fault): void {
    this.#fault = fault;
    this.#changes.emit('change');
    if (fault.kind === 'rst') this.reset();
    if (fault.kind === 'fin') {
      this.#client.end();
      this.#server.end();
    }
    if (!isKill(fault) && this.#withheld !== undefined) {
      this.#client.write(this.#withheld);
      this.#withheld = undefined;
    }
  }

  reset(): void {
    this.#changes.emit('change');
    this.#client.resetAndDestroy();
    this.#server.resetAndDestroy();
  }

  async #relay(from: Socket, to: Socket): Promise<void> {
    try {
      for await (const piece of from.iterator({ destroyOnReturn: false })) await this.#pass(piece, to);
      await this.#thaw(to);
      to.end();
    } catch {
      await this.#thaw(to);
      to.resetAndDestroy();
    }
  }

  async #pass(piece: Buffer, to: Socket): Promise<void> {
    await this.#thaw(to);
    const isCut = to === this.#server ? this.#cutsUp(piece) : this.#cutsDown(piece);
    if (isCut) return this.reset();
    if (to === this.#server) this.#count();
    if (to === this.#client && this.#withheld !== undefined) return;

    const fault = this.#fault;
    if (fault.kind === 'latency') await sleep(fault.ms + Math.random() * (fault.jitterMs ?? 0));
    if (fault.kind !== 'slicer') return write(to, piece);
    for (let at = 0; at < piece.length && !to.destroyed; at += fault.bytes) {
      await write(to, piece.subarray(at, at + fault.bytes));
      await sleep(fault.pauseMs);
    }
  }

  #cutsUp(piece: Buffer): boolean {
    const fault = this.#fault;
    if (!isKill(fault) || !fault.pattern.test(piece.toString('latin1')) || !this.#takeKill(fault)) return false;
    if (fault.kind === 'killOn') return true;
    this.#withheld = Buffer.alloc(0);
    return false;
  }

  #cutsDown(piece: Buffer): boolean {
    const fault = this.#fault;
    this.#bytesDown += piece.length;
    if (fault.kind === 'limitBytes') return this.#bytesDown > fault.bytes;
    if (this.#withheld === undefined) return false;
    this.#withheld = Buffer.concat([this.#withheld, piece]);
    return (
      (fault.kind === 'killAfterComplete' || fault.kind === 'killAfterReady') && hasAnswered(this.#withheld, fault)
    );
  }

  async #thaw(to: Socket): Promise<void> {
    while (
      !to.destroyed &&
      (this.#fault.kind === 'freeze' || (this.#fault.kind === 'freezeDown' && to === this.#client))
    )
      await once(this.#changes, 'change');
  }
}

async function write(to: Socket, piece: Buffer): Promise<void> {
  if (!to.write(piece) && !to.destroyed) await Promise.race([once(to, 'drain'), once(to, 'close')]);
}
