import { type Agent, request as begin } from 'node:http';

export interface Requested {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Unset: a connection of its own. */
  readonly agent?: Agent;
}

/** What came back. Status 0: nothing did, `text` is the code of the error. */
export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** One request of which the connection is known, never sent again by itself. */
export function request(url: string, { method, body, headers, agent }: Requested = {}): Promise<Reply> {
  const content = body === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve) => {
    const sent = begin(url, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { ...content, ...headers },
      agent: agent ?? false,
      signal: AbortSignal.timeout(15_000),
    });
    sent.on('error', (error: NodeJS.ErrnoException) => resolve({ status: 0, text: error.code ?? error.message }));
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.on('error', (error: NodeJS.ErrnoException) => resolve({ status: 0, text: error.code ?? error.message }));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
