/** Steps per power of two. The error is less than 1 %. */
const STEPS = 64;
const POWERS = 27;

/** A histogram from 1 µs to more than one minute. */
export class Latencies {
  readonly #counts = new Uint32Array(STEPS * POWERS);
  #count = 0;

  record(microseconds: number): void {
    this.#count++;
    const at = Math.min(this.#counts.length - 1, Math.floor(Math.log2(Math.max(1, microseconds)) * STEPS));
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  get count(): number {
    return this.#count;
  }

  /** @param share 0 to 1. @returns microseconds, 0 if nothing was recorded */
  percentile(share: number): number {
    let left = Math.max(1, Math.ceil(this.#count * share));
    if (this.#count === 0) return 0;
    for (const [at, count] of this.#counts.entries()) {
      left -= count;
      if (left <= 0) return 2 ** ((at + 0.5) / STEPS);
    }
    return 0;
  }

  /** In microseconds. */
  summary(): { readonly p50: number; readonly p99: number; readonly p999: number } {
    const rounded = (share: number) => Math.round(this.percentile(share));
    return { p50: rounded(0.5), p99: rounded(0.99), p999: rounded(0.999) };
  }
}
