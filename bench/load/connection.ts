import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Answer, answerOf } from './answer.ts';

/** What came of a request: an answer, or why there is none. */
export type Done = (outcome: Answer | Error) => void;

const NOTHING = Buffer.alloc(0);

/**
 * One keep-alive connection over a bare socket: one request at a time, without pipelining. What a client library does for
 * each request would be paid for by the processors that the programs under test run on.
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

  /** @param done is called once, and never at once */
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
      const answer = answerOf(this.#received);
      if (answer === undefined) return;
      this.#received = NOTHING;
      this.#settle(answer);
    } catch (error) {
      this.#fail(error as Error);
      this.close();
    }
  }

  #fail(error: Error): void {
    this.isOpen = false;
    this.#settle(error);
  }

  #settle(outcome: Answer | Error): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(outcome);
  }
}
