import type { Socket } from 'node:net';
import type { Call } from './call.ts';
import type { Limits } from './limits.ts';

interface Window {
  startMs: number;
  /** Bytes of the connection that the kernel had accepted at the start. */
  accepted: number;
}

/** Node.js has no public counter of bytes that left the process: `Socket#bytesWritten` includes those that still wait. */
interface Handle {
  readonly bytesWritten: number;
  readonly writeQueueSize: number;
}

/**
 * Disconnects clients that take a response too slowly. The socket timeout of Node.js does not: any progress restarts it.
 * The kernel accepts bytes in steps of up to a third of its send buffer, so a client just above the minimum rate may look
 * slower than it is.
 */
export class SlowReaders {
  readonly #limits: Limits['slowReader'];
  readonly #windows = new Map<Call, Window>();
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: Limits['slowReader']) {
    this.#limits = limits;
  }

  watch(call: Call): void {
    this.#windows.set(call, { startMs: performance.now(), accepted: acceptedBytes(call.socket) });
    this.#timer ??= setInterval(() => this.#check(performance.now()), this.#limits.checkIntervalMs).unref();
  }

  unwatch(call: Call): void {
    if (!this.#windows.delete(call) || this.#windows.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #check(nowMs: number): void {
    for (const [call, window] of this.#windows) {
      const { socket } = call;
      const accepted = acceptedBytes(socket);
      // With nothing to send, the client waits for the service: an earlier response of its connection is not ready.
      if (socket.writableLength > 0 && nowMs - window.startMs < this.#limits.windowMs) continue;
      if (socket.writableLength > 0 && accepted - window.accepted < this.#limits.minBytes) disconnect(call);
      window.startMs = nowMs;
      window.accepted = accepted;
    }
  }
}

function disconnect({ reply, socket }: Call): void {
  reply.log.info('slow client disconnected');
  socket.destroy();
}

function acceptedBytes(socket: Socket): number {
  const { _handle: handle } = socket as Socket & { readonly _handle?: Handle | null };
  return handle ? handle.bytesWritten - handle.writeQueueSize : 0;
}
