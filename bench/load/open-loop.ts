import type { Connection } from './connection.ts';
import type { Exchange } from './exchange.ts';
import type { Job } from './job.ts';
import { Latencies } from './latencies.ts';
import { random } from './random.ts';
import { Run } from './run.ts';

/**
 * Sends requests at random times at a fixed average rate. A request without a free connection waits for one, and its latency
 * counts from the time it was due, so a stall is not hidden (coordinated omission). Delays of this process's own timer
 * are reported separately.
 */
export class OpenLoop extends Run {
  readonly #idle: Connection[] = [];
  readonly #late = new Latencies();
  readonly #random: () => number;
  readonly #rate: number;
  #dueAt = 0;
  /** Whether requests wait for a connection. Then lateness is caused by the program under test. */
  #isHeldUp = false;

  constructor(job: Job & { readonly rate: number }, next: () => Exchange) {
    super(job, next);
    this.#rate = job.rate;
    this.#random = random(job.seed + 1);
  }

  protected override begin(): void {
    this.#idle.push(...this.connections);
    this.#dueAt = performance.now();
    this.#tick();
  }

  protected override free(connection: Connection): void {
    this.#idle.push(connection);
    this.#sendDue();
  }

  protected override lateP99(): number {
    return Math.round(this.#late.percentile(0.99));
  }

  #tick(): void {
    if (this.isOver) return;
    this.#sendDue();
    setTimeout(() => this.#tick(), 1);
  }

  #sendDue(): void {
    for (let now = performance.now(); !this.isOver && this.#dueAt <= now; now = performance.now()) {
      const connection = this.#takeIdle();
      if (connection === undefined) {
        this.#isHeldUp = true;
        return;
      }
      if (this.#isHeldUp) {
        this.send(connection, this.#dueAt);
      } else {
        if (this.isMeasuring) this.#late.record((now - this.#dueAt) * 1_000);
        this.send(connection);
      }
      this.#dueAt -= (Math.log(1 - this.#random()) * 1_000) / this.#rate;
    }
    this.#isHeldUp = false;
  }

  /** The most recently used one. The program may close the others. */
  #takeIdle(): Connection | undefined {
    for (;;) {
      const connection = this.#idle.pop();
      if (connection === undefined || connection.isOpen) return connection;
    }
  }
}
