import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Seen, send } from './client.ts';
import type { Ledger, Try } from './ledger.ts';
import type { Random } from './random.ts';

export interface LoadOptions {
  readonly ledger: Ledger;
  readonly random: Random;
  /** Where the service is now. */
  readonly at: () => string;
  readonly writers: number;
  /** Part of the creates that carry a key and are sent again until they are answered. */
  readonly keyed?: number;
  readonly limitMs?: number;
  /** Of a writer between two creates. */
  readonly pauseMs?: number;
}

const QUIET_MS = 2_000;

/** Clients that create tasks, each for one owner, and look for those they were told exist. */
export class Load {
  readonly seen: Pick<Seen, 'status' | 'began' | 'ended'>[] = [];
  /** What no client may ever see, whatever fails. */
  readonly faults: string[] = [];
  readonly #options: LoadOptions;
  readonly #work: Promise<unknown>;
  #isStopped = false;

  constructor(options: LoadOptions) {
    this.#options = options;
    const { ledger, writers } = options;
    this.#work = Promise.all(
      Array.from({ length: writers }, (_, n) => this.#write(ledger.owners[n % ledger.owners.length] as string)),
    );
    // Whoever stops the load is told.
    this.#work.catch(() => {});
  }

  /** Fulfilled when every request has had its end. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#work;
  }

  /** Answers that came within a time, by status; 0 for none. */
  count(status: number): number {
    return this.seen.filter((seen) => seen.status === status).length;
  }

  /** Between two successes of any client, in milliseconds. */
  get longestOutage(): number {
    const times = this.#successes.map(({ ended }) => ended).sort((one, other) => one - other);
    return Math.round(Math.max(0, ...times.slice(1).map((time, n) => time - (times[n] as number))));
  }

  get longestRequest(): number {
    return Math.round(this.seen.reduce((longest, { began, ended }) => Math.max(longest, ended - began), 0));
  }

  /** How long after a moment the first success was there, and the last failure. */
  recovery(since: number): { first: number; last: number } {
    const first = this.#successes.find(({ ended }) => ended > since)?.ended ?? Number.POSITIVE_INFINITY;
    const last = this.seen.findLast(({ status }) => !isSuccess(status))?.ended ?? since;
    return { first: Math.round(first - since), last: Math.round(Math.max(0, last - since)) };
  }

  /** Waits until nothing has failed for a while since a moment, or for `patienceMs`. */
  async settled(since: number, patienceMs: number): Promise<void> {
    const isQuiet = () => {
      const { first, last } = this.recovery(since);
      return first < Number.POSITIVE_INFINITY && performance.now() - since - Math.max(first, last) > QUIET_MS;
    };
    while (!isQuiet() && performance.now() - since < patienceMs) await sleep(100);
  }

  get #successes() {
    return this.seen.filter(({ status }) => isSuccess(status));
  }

  async #write(owner: string): Promise<void> {
    const { ledger, keyed = 1, pauseMs = 0 } = this.#options;
    const random = this.#options.random.fork();
    while (!this.#isStopped) {
      const attempt = ledger.try(owner, { withKey: random.next() < keyed });
      let created = await this.#create(attempt);
      while (!this.#isStopped && attempt.key !== undefined && !isSuccess(created.status)) {
        await sleep(random.between(20, 80));
        created = await this.#create(attempt);
      }
      if (random.next() < 0.3) await this.#read(owner, random);
      if (pauseMs > 0) await sleep(pauseMs);
    }
  }

  async #create(attempt: Try): Promise<Seen> {
    const { owner, title, key } = attempt;
    const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
    const seen = await this.#send(owner, '', { body: { title }, headers });
    if (seen.status === 201) this.#options.ledger.ack(attempt, seen.json.id, seen.headers.get('etag'));
    else this.#mustBeExcused(seen, 'create');
    return seen;
  }

  async #read(owner: string, random: Random): Promise<void> {
    const own = this.#options.ledger.acknowledgedOf(owner);
    if (own.length === 0) return;
    const { ack, title } = random.pick(own);
    const seen = await this.#send(owner, `/${ack?.id}`);
    if (seen.status !== 200) this.#mustBeExcused(seen, 'read');
    else if (seen.json.title !== title) this.faults.push('a read answered something else than was written');
  }

  async #send(owner: string, rest: string, sent: Parameters<typeof send>[1] = {}): Promise<Seen> {
    const { at, ledger, limitMs } = this.#options;
    const seen = await send(`${at()}/api/${owner}/tasks${rest}`, sent, limitMs);
    this.seen.push({ status: seen.status, began: seen.began, ended: seen.ended });
    if (ledger.foreignIn(seen.text, owner).length > 0) this.faults.push('an answer holds what is of another owner');
    return seen;
  }

  /** No answer at all, or 503 that says when to try again. */
  #mustBeExcused({ status, headers, text }: Seen, what: string): void {
    if (status === 0) return;
    if (status === 503 && /^\d+$/.test(headers.get('retry-after') ?? '')) return;
    this.faults.push(`a ${what} was answered ${status}: ${text.slice(0, 200)}`);
  }
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

export const expectNoFaults = (load: Load): void => expect([...new Set(load.faults)].slice(0, 5)).toEqual([]);
