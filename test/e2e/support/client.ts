import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Request {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Response {
  /** 0 if there was no response; `text` then holds the reason. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly ms: number;
}

/** Longer than the service may take. */
const TIMEOUT_MS = 15_000;

/** An HTTP client with keep-alive connections, which never retries. */
export class Client {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #baseUrl: string;

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl;
  }

  request(path: string, { method = 'GET', body, headers = {} }: Request = {}): Promise<Response> {
    const startedAt = performance.now();
    const content = body === undefined ? {} : { 'content-type': 'application/json' };
    return new Promise((resolve) => {
      const end = (status: number, responseHeaders: IncomingHttpHeaders, text: string) =>
        resolve({ status, headers: responseHeaders, text, ms: performance.now() - startedAt });
      const fail = ({ code, message }: NodeJS.ErrnoException) => end(0, {}, code ?? message);
      const outgoing = request(`${this.#baseUrl}${path}`, {
        method,
        headers: { ...content, ...headers },
        agent: this.#agent,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      outgoing.on('error', fail).on('response', (response) => {
        const chunks: Buffer[] = [];
        response
          .on('data', (chunk) => chunks.push(chunk))
          .on('error', fail)
          .on('end', () => end(response.statusCode ?? 0, response.headers, Buffer.concat(chunks).toString()));
      });
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/**
 * Repeats a request with several clients until the time is over.
 * @returns how often each status was received
 */
export async function load(
  clients: number,
  ms: number,
  send: (client: number) => Promise<Response>,
): Promise<Record<number, number>> {
  const endAt = performance.now() + ms;
  const counts: Record<number, number> = {};
  const repeat = async (client: number) => {
    while (performance.now() < endAt) {
      const { status } = await send(client);
      counts[status] = (counts[status] ?? 0) + 1;
      // A client that is rejected backs off, but does not follow `Retry-After`.
      if (status >= 400 || status === 0) await sleep(20);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => repeat(client)));
  return counts;
}
