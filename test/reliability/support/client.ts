import { setTimeout as sleep } from 'node:timers/promises';

export interface Sent {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** What a client saw of one request. Status 0: there was no answer, `text` says why. */
export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the tests are about
  readonly json: any;
  /** Of `performance.now()`. */
  readonly began: number;
  readonly ended: number;
}

/** Longer than the service may take, shorter than a person would wait. */
const LIMIT_MS = 15_000;

/** One request over the network, which never throws. */
export async function send(url: string, { method, body, headers = {} }: Sent = {}, limitMs = LIMIT_MS): Promise<Seen> {
  const began = performance.now();
  const content: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  try {
    const response = await fetch(url, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { ...content, ...headers },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(limitMs),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
    const json = isJson ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, json, began, ended: performance.now() };
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { code?: string } };
    const text = `${message} ${cause?.code ?? ''}`;
    return { status: 0, headers: new Headers(), text, json: undefined, began, ended: performance.now() };
  }
}

/** @returns when the first 2xx was there, in milliseconds after `since` */
export async function firstSuccess(ask: () => Promise<Seen>, since = performance.now()): Promise<number> {
  for (;;) {
    const { status, ended } = await ask();
    if (status >= 200 && status < 300) return ended - since;
    if (ended - since > 60_000) throw new Error(`Still ${status} after a minute`);
    await sleep(10);
  }
}
