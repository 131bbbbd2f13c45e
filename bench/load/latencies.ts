/** Values between a power of two and the next are told apart in so many steps: an error of less than one per cent. */
const STEPS = 64;
const POWERS = 27;

/** A histogram of microseconds, from 1 to more than a minute. */
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

  /** @param share from 0 to 1. @returns microseconds: the middle of the step in which it lies, 0 of nothing */
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
