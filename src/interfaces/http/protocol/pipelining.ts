import { AsyncResource } from 'node:async_hooks';
import type { Socket } from 'node:net';
import type { Call } from './call.ts';

const MAX_RUNNING = 4;
/** Requests of one connection without a complete response, beyond which nothing more is read from it. */
const MAX_UNANSWERED = 20;

/** What Node.js sets itself when a client does not read: while `_paused` is set, nothing restarts reading. */
type PausableSocket = Socket & { _paused?: boolean; parser?: { resume(): void } | null };

const connections = new WeakMap<Socket, Connection>();

/** @param close called for each call of a connection that closes */
export function connectionOf(socket: Socket, close: (call: Call) => void): Connection {
  const known = connections.get(socket);
  if (known !== undefined) return known;
  const connection = new Connection(socket);
  connections.set(socket, connection);
  socket.once('close', () => connection.drain().forEach(close));
  return connection;
}

/** Runs the first requests of a connection at once and holds back the others, so that one connection cannot flood a queue. */
export class Connection {
  readonly #socket: PausableSocket;
  /** Without a complete response, in the order of the requests. */
  #calls: Call[] = [];
  #isPaused = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  add(call: Call): void {
    this.#calls.push(call);
    if (this.#calls.length <= MAX_UNANSWERED) return;
    this.#isPaused = true;
    this.#socket._paused = true;
    this.#socket.pause();
  }

  /** Calls `next` once the response to all but three earlier requests is complete. */
  run(call: Call, next: () => void): void {
    if (this.#calls.indexOf(call) < MAX_RUNNING) next();
    // Keeps the trace of its own request, not that of the one before it.
    else call.start = AsyncResource.bind(next);
  }

  /** Removes a call whose response is complete, and starts the next one. */
  remove(call: Call): void {
    const position = this.#calls.indexOf(call);
    if (position === -1) return;
    this.#calls.splice(position, 1);
    if (this.#isPaused && this.#calls.length <= MAX_UNANSWERED) this.#resume();
    const following = this.#calls[MAX_RUNNING - 1];
    // The first response of a closed connection is removed before the others.
    if (following !== undefined && !this.#socket.destroyed) start(following);
  }

  drain(): readonly Call[] {
    const calls = this.#calls;
    this.#calls = [];
    return calls;
  }

  #resume(): void {
    this.#isPaused = false;
    this.#socket._paused = false;
    this.#socket.parser?.resume();
    this.#socket.resume();
  }
}

function start(call: Call): void {
  const { start, aborted } = call;
  call.start = undefined;
  if (!aborted) start?.();
}
