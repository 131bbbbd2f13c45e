/** Both must be reached: a restart that is over soon is waited for instead. */
const FAILURES = 5;
const FAILING_FOR_MS = 2_500;

const PROBE_INTERVAL_MS = 1_000;

/**
 * Closed, it lets every statement through. After a while of nothing but lost connections it opens, so that requests are
 * refused at once instead of waiting in vain; one in a second is let through, and the first that succeeds closes it.
 */
export class CircuitBreaker {
  #failures = 0;
  #failingSince = 0;
  /** When the next statement may try; `undefined` while it is closed. */
  #probeAt: number | undefined;

  get isOpen(): boolean {
    return this.#probeAt !== undefined;
  }

  /** Whether a statement may be sent. */
  allow(): boolean {
    if (this.#probeAt === undefined) return true;
    const now = performance.now();
    if (now < this.#probeAt) return false;
    this.#probeAt = now + PROBE_INTERVAL_MS;
    return true;
  }

  onSuccess(): void {
    this.#failures = 0;
    this.#probeAt = undefined;
  }

  onFailure(): void {
    const now = performance.now();
    if (this.#failures === 0) this.#failingSince = now;
    this.#failures++;
    const opens = this.#failures >= FAILURES && now - this.#failingSince >= FAILING_FOR_MS;
    if (opens) this.#probeAt ??= now + PROBE_INTERVAL_MS;
  }
}
