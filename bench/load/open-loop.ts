import type { Connection } from './connection.ts';
import type { Exchange } from './exchange.ts';
import type { Job } from './job.ts';
import { Latencies } from './latencies.ts';
import { random } from './random.ts';
import { Run } from './run.ts';

/**
 * Requests arrive at random moments, so many a second, as from many clients who do not know of each other. A request that finds
 * no free connection waits for one, and its latency counts from the moment when it was due: a program that stalls
 * is not spared the requests that it would have had meanwhile (coordinated omission). That this process woke up late, with
 * free connections at hand, is not the program's fault and is told apart.
 */
export class OpenLoop extends Run {
  readonly #idle: Connection[] = [];
  readonly #late = new Latencies();
  readonly #random: () => number;
  readonly #rate: number;
  #dueAt = 0;
  /** Whether requests have been waiting for a connection, so that what is late is so because of the program. */
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

  /** The one that was used last: those that are not needed may be closed by the program. */
  #takeIdle(): Connection | undefined {
    for (;;) {
      const connection = this.#idle.pop();
      if (connection === undefined || connection.isOpen) return connection;
    }
  }
}
