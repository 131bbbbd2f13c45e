import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type HttpResponse, parseResponse } from './response.ts';

/** Receives the response, or the reason why there is none. */
export type Done = (outcome: HttpResponse | Error) => void;

const NOTHING = Buffer.alloc(0);

/**
 * A keep-alive connection on a plain socket, one request at a time. An HTTP client library would take CPU time from the
 * programs under test.
 */
export class Connection {
  readonly #socket: Socket;
  #received: Buffer = NOTHING;
  #done: Done | undefined;
  isOpen = true;

  private constructor(socket: Socket) {
    this.#socket = socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('The connection was closed')));
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect({ port, host: '127.0.0.1' });
    await once(socket, 'connect');
    return new Connection(socket);
  }

  /** @param done called once, never synchronously */
  send(request: string, done: Done): void {
    this.#done = done;
    if (this.isOpen) this.#socket.write(request, 'latin1');
    else process.nextTick(() => this.#fail(new Error('The connection is closed')));
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    try {
      const response = parseResponse(this.#received);
      if (response === undefined) return;
      this.#received = NOTHING;
      this.#settle(response);
    } catch (error) {
      this.#fail(error as Error);
      this.close();
    }
  }

  #fail(error: Error): void {
    this.isOpen = false;
    this.#settle(error);
  }

  #settle(outcome: HttpResponse | Error): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(outcome);
  }
}
