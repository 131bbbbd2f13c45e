import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export type Bytes = string | Buffer;

export interface RawAnswer {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the tests are about
  readonly json: any;
  /** As they arrived, head and body. */
  readonly bytes: Buffer;
}

/** One connection on which the bytes are sent as they are: a client in the process would repair, or refuse, them. */
export class RawConnection {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #isClosed = false;
  readonly #isOpen: Promise<unknown>;
  #wake = () => {};

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    this.#isOpen = once(this.#socket, 'connect');
    this.#isOpen.catch(() => {});
    const wakeWhen = (event: string, change: (chunk: Buffer) => void) =>
      this.#socket.on(event, (chunk) => {
        change(chunk);
        this.#wake();
      });
    wakeWhen('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
    });
    for (const event of ['end', 'error', 'close']) {
      wakeWhen(event, () => {
        this.#isClosed = true;
      });
    }
  }

  /** Resolves when it is established. */
  async opened(): Promise<this> {
    await this.#isOpen;
    return this;
  }

  send(...parts: readonly Bytes[]): this {
    for (const part of parts) this.#socket.write(part);
    return this;
  }

  /**
   * The next answer, `undefined` if the server closes instead.
   *
   * @param method of the request, because the answer to HEAD has no body whatever its length says
   */
  async answer(method = 'GET'): Promise<RawAnswer | undefined> {
    for (;;) {
      const answer = answerIn(this.#received, method);
      if (answer !== undefined) {
        this.#received = this.#received.subarray(answer.bytes.length);
        return answer;
      }
      if (this.#isClosed) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Whether another request is served on it. */
  async isGood(): Promise<boolean> {
    const answer = await this.send('GET /livez HTTP/1.1\r\nHost: a\r\n\r\n').answer();
    return answer?.status === 200 && answer.text === '{"status":"alive"}';
  }

  /** The rest of what was received, when the server has closed. */
  async rest(): Promise<Buffer> {
    while (!this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#received;
  }

  /** Takes nothing more from the socket, so that what the server sends fills the buffers of the kernel. */
  pause(): this {
    this.#socket.pause();
    return this;
  }

  resume(): this {
    this.#socket.resume();
    return this;
  }

  /** Says that nothing more will be sent, and still listens. */
  finish(): void {
    this.#socket.end();
  }

  close(): void {
    this.#socket.destroy();
  }
}

function answerIn(received: Buffer, method: string): RawAnswer | undefined {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const [statusLine = '', ...lines] = received.subarray(0, headEnd).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => fieldOf(line)));
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]);
  const hasBody = method !== 'HEAD' && status >= 200 && status !== 204 && status !== 304;
  const end = headEnd + 4 + (hasBody ? Number(headers['content-length'] ?? 0) : 0);
  if (received.length < end) return undefined;

  const text = received.subarray(headEnd + 4, end).toString();
  const isJson = headers['content-type']?.includes('json') === true && text !== '';
  return { status, headers, text, json: isJson ? JSON.parse(text) : undefined, bytes: received.subarray(0, end) };
}

function fieldOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
