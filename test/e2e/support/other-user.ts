import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { freshOwner } from '../../support/owners.ts';
import type { Client, Response } from './client.ts';

interface Sample {
  readonly ms: number;
  /** What came back instead of a 2xx. */
  readonly error: string | undefined;
}

interface Samples {
  readonly reads: readonly Sample[];
  readonly writes: readonly Sample[];
}

const UNDISTURBED_ROUNDS = 60;
/** Between two requests: this user is no load. */
const PAUSE_MS = 5;
const MIN_SAMPLES = 5;

/** A slow test machine is allowed this much. */
const MIN_LIMIT_MS = 500;
const MAX_SLOWDOWN = 25;

/** A user who reads and writes single tasks, one request after another, while somebody else puts load on the service. */
export class OtherUser {
  readonly #client: Client;
  readonly #list: string;
  readonly #task: string;
  #undisturbed: Samples = { reads: [], writes: [] };

  private constructor(client: Client, list: string, id: string) {
    this.#client = client;
    this.#list = list;
    this.#task = `${list}/${id}`;
  }

  /** With latencies that were measured before there is any load. */
  static async create(client: Client): Promise<OtherUser> {
    const list = `/api/${freshOwner()}/tasks`;
    const created = await client.request(list, { method: 'POST', body: { title: 'Buy milk' } });
    const user = new OtherUser(client, list, JSON.parse(created.text).id);
    let rounds = 0;
    user.#undisturbed = await user.#requests(() => rounds++ >= 2 * UNDISTURBED_ROUNDS);
    return user;
  }

  /** Runs a load, and expects that this user gets no error and waits little meanwhile. @returns what the load returns */
  async expectUndisturbedBy<T>(work: () => Promise<T>): Promise<T> {
    let isOver = false;
    const requests = this.#requests(() => isOver);
    const result = await work().finally(() => {
      isOver = true;
    });
    const samples = await requests;
    this.#expectUndisturbed('reads', samples.reads);
    this.#expectUndisturbed('writes', samples.writes);
    return result;
  }

  #expectUndisturbed(kind: keyof Samples, samples: readonly Sample[]): void {
    const p50 = quantile(this.#undisturbed[kind], 0.5);
    const limit = Math.max(MIN_LIMIT_MS, MAX_SLOWDOWN * p50);
    const errors = samples.flatMap(({ error }) => (error === undefined ? [] : [error]));
    expect(errors, `${kind} of another user that failed, of ${samples.length}`).toEqual([]);
    expect(samples.length, `${kind} of another user`).toBeGreaterThanOrEqual(MIN_SAMPLES);
    const text = `p95 of ${samples.length} ${kind} of another user, in ms (p50 without load: ${p50.toFixed(1)})`;
    expect(quantile(samples, 0.95), text).toBeLessThan(limit);
  }

  async #requests(isOver: () => boolean): Promise<Samples> {
    const [reads, writes] = await Promise.all([
      this.#repeat(isOver, () => this.#client.request(this.#task)),
      this.#repeat(isOver, (n) =>
        n % 2 === 0
          ? this.#client.request(this.#task, { method: 'PATCH', body: { title: `Buy milk, ${n}` } })
          : this.#client.request(this.#list, { method: 'POST', body: { title: `Task ${n}` } }),
      ),
    ]);
    return { reads, writes };
  }

  async #repeat(isOver: () => boolean, send: (n: number) => Promise<Response>): Promise<Sample[]> {
    const samples: Sample[] = [];
    while (!isOver()) {
      const { status, text, ms } = await send(samples.length);
      const isSuccess = status >= 200 && status < 300;
      samples.push({ ms, error: isSuccess ? undefined : `${status} ${text.slice(0, 100)}` });
      await sleep(PAUSE_MS);
    }
    return samples;
  }
}

function quantile(samples: readonly Sample[], part: number): number {
  const sorted = samples.map(({ ms }) => ms).sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length * part)] ?? Number.POSITIVE_INFINITY;
}
