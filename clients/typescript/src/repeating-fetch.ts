import { pause } from './pause.ts';
import { within } from './within.ts';

export interface RepeatOptions {
  readonly fetch?: typeof globalThis.fetch;
  /** How often a request is sent at most. */
  readonly attempts?: number;
  /** Of one attempt. The service itself gives up after 12 seconds. */
  readonly timeoutMs?: number;
  /** A `Retry-After` beyond this is left to the caller. */
  readonly longestWaitMs?: number;
  /** How a pause is made, in tests. */
  readonly pauseFor?: typeof pause;
}

const FIRST_WAIT_MS = 100;

/** Answers to requests that had been sent before, and so may have taken effect before. */
const repeated = new WeakSet<Response>();

export const wasRepeated = (answer: Response): boolean => repeated.has(answer);

/**
 * Retries after 429, which means that nothing was done. Also retries after 503 and after a lost response if that is safe:
 * reads; creates with an id or key; changes with `If-Match`, of which only one takes effect.
 */
export function repeatingFetch({
  fetch = globalThis.fetch,
  attempts = 5,
  timeoutMs = 15_000,
  longestWaitMs = 10_000,
  pauseFor = pause,
}: RepeatOptions = {}): (request: Request) => Promise<Response> {
  const send = (request: Request) => fetch(request.clone(), { signal: within(timeoutMs, request.signal) });

  return async (request) => {
    const isSafe = await isRepeatable(request);
    let mayHaveTakenEffect = false;
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt >= attempts;
      const answer = await send(request).catch((error: unknown) => {
        if (isLast || !isSafe || request.signal.aborted) throw error;
        return undefined;
      });
      const wait = Math.max(retryAfterOf(answer), FIRST_WAIT_MS * 2 ** (attempt - 1) * Math.random());
      if (answer !== undefined) {
        if (mayHaveTakenEffect) repeated.add(answer);
        const isRetryable = answer.status === 429 || (answer.status === 503 && isSafe);
        if (!isRetryable || isLast || wait > longestWaitMs) return answer;
        await answer.body?.cancel();
      }
      if (answer?.status !== 429) mayHaveTakenEffect = true;
      await pauseFor(wait, request.signal);
    }
  };
}

async function isRepeatable(request: Request): Promise<boolean> {
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  if (request.headers.has('idempotency-key')) return true;
  // `*` says nothing about what was seen.
  if ((request.headers.get('if-match') ?? '*') !== '*') return true;
  return request.method === 'POST' && (await namesItsTask(request));
}

/** Whether it is a create with an id of the client's. */
async function namesItsTask(request: Request): Promise<boolean> {
  const text = await request.clone().text();
  return text !== '' && typeof JSON.parse(text).id === 'string';
}

/** In milliseconds; 0 if nothing is said. */
function retryAfterOf(answer: Response | undefined): number {
  const value = answer?.headers.get('retry-after') ?? '0';
  return /^\d+$/.test(value) ? Number(value) * 1_000 : Math.max(0, Date.parse(value) - Date.now() || 0);
}
