import type { FastifyInstance, InjectOptions } from 'fastify';

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the tests are about
  readonly json: any;
}

export interface Sent {
  /** Sent as JSON, unless it is text or bytes already. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** Talks to a server in the process as a client would. */
export class Api {
  readonly #http: FastifyInstance;
  readonly #always: Record<string, string>;

  /** @param always headers of every request */
  constructor(http: FastifyInstance, always: Record<string, string> = {}) {
    this.#http = http;
    this.#always = always;
  }

  async send(method: string, url: string, { body, headers = {} }: Sent = {}): Promise<Answer> {
    const isRaw = typeof body === 'string' || body instanceof Buffer;
    const options: InjectOptions = { method: method as 'GET', url, headers: { ...this.#always, ...headers } };
    if (body !== undefined) {
      options.payload = isRaw ? body : JSON.stringify(body);
      options.headers = { 'content-type': 'application/json', ...options.headers };
    }
    const { statusCode: status, headers: answered, body: text } = await this.#http.inject(options);
    const isJson = String(answered['content-type']).includes('json') && text !== '';
    return { status, headers: answered, text, json: isJson ? JSON.parse(text) : undefined };
  }

  get = (url: string, sent?: Sent) => this.send('GET', url, sent);
  post = (url: string, body?: unknown, headers?: Record<string, string>) =>
    this.send('POST', url, sentOf(body, headers));
  put = (url: string, body?: unknown, headers?: Record<string, string>) => this.send('PUT', url, sentOf(body, headers));
  patch = (url: string, body?: unknown, headers?: Record<string, string>) =>
    this.send('PATCH', url, sentOf(body, headers));
  delete = (url: string) => this.send('DELETE', url);
}

const sentOf = (body: unknown, headers: Record<string, string> = {}): Sent => ({ body, headers });
