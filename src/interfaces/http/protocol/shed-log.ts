import type { FastifyBaseLogger } from 'fastify';
import type { RequestMetrics, ShedReason } from '../observers.ts';

const INTERVAL_MS = 1_000;

/** Counts rejected requests and logs them in one line per second, because each already has a line of its own at `info`. */
export class ShedLog {
  readonly #log: FastifyBaseLogger;
  readonly #metrics: RequestMetrics | undefined;
  #counts: Partial<Record<ShedReason, number>> = {};
  #timer: NodeJS.Timeout | undefined;

  constructor(log: FastifyBaseLogger, metrics: RequestMetrics | undefined) {
    this.#log = log;
    this.#metrics = metrics;
  }

  count(reason: ShedReason): void {
    this.#metrics?.shed(reason);
    this.#counts[reason] = (this.#counts[reason] ?? 0) + 1;
    this.#timer ??= setTimeout(() => this.#report(), INTERVAL_MS).unref();
  }

  #report(): void {
    this.#log.warn(this.#counts, 'requests shed');
    this.#counts = {};
    this.#timer = undefined;
  }
}
