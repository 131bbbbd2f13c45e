import { type CallOptions, StorageUnavailable, UnstorableValue } from '../../application/ports.ts';
import type { DatabaseMetrics } from './observers.ts';
import { CircuitBreaker } from './resilience/circuit-breaker.ts';
import { type DatabaseFault, faultOf } from './resilience/errors.ts';
import type { Owned, Scheduler } from './scheduling/scheduler.ts';
import type { Query, RetryClass } from './sql/statement.ts';

/** A restart of the database takes less; a client waits no longer than it would without retries. */
const RETRY_TIMEOUT_MS = 2_500;
/** Of those that were sent. */
const MAX_FAILURES = 3;
const FIRST_DELAY_MS = 50;
const MAX_DELAY_MS = 1_000;
/** While no connection can be made: all who wait for one share the attempts, so these may be frequent. */
const MAX_DELAY_UNSENT_MS = 200;

/** One retry for each ten statements, so that retries do not double the load on a database that fails under it. */
const RETRIES_PER_STATEMENT = 0.1;
const MAX_RETRY_BUDGET = 50;

/** `Retry-After`, in seconds. */
const SOON = 1;
const AFTER_OPERATOR_HELP = 30;
const MAX_SECONDS_WHILE_OPEN = 5;

/** How long a database that had no room counts as full. */
const FULL_FOR_MS = 5_000;

/** Executes queries, and retries those that may be retried until they succeed or their time is over. */
export class Database {
  readonly #scheduler: Pick<Scheduler, 'run' | 'load'>;
  readonly #metrics: DatabaseMetrics | undefined;
  readonly #breaker = new CircuitBreaker();
  #retryBudget = MAX_RETRY_BUDGET;
  #fullAt = Number.NEGATIVE_INFINITY;

  constructor(scheduler: Pick<Scheduler, 'run' | 'load'>, metrics?: DatabaseMetrics) {
    this.#scheduler = scheduler;
    this.#metrics = metrics;
  }

  /** Whether there was no room for data lately. */
  get isFull(): boolean {
    return performance.now() - this.#fullAt < FULL_FOR_MS;
  }

  get load() {
    return { isBreakerOpen: this.#breaker.isOpen, lanes: this.#scheduler.load };
  }

  /**
   * @throws {StorageUnavailable} when the database could not be reached, or did not answer
   * @throws {UnstorableValue} when the database cannot keep a value
   * @throws {CallAborted} when the signal is aborted; nothing is sent after that
   */
  query<Values extends Owned, Row>(query: Query<Values, Row>, values: Values, options?: CallOptions): Promise<Row[]> {
    return this.retry(query.retry, () => this.#scheduler.run(query, values, options));
  }

  /** Executes a query once, whatever the state of the circuit breaker, to learn how the database is. Errors stay as they are. */
  async probe<Values extends Owned, Row>(query: Query<Values, Row>, values: Values): Promise<Row[]> {
    const rows = await this.#scheduler.run(query, values);
    this.#breaker.onSuccess();
    return rows;
  }

  /**
   * Calls `work` until it succeeds, as often as its class allows.
   * @throws {StorageUnavailable}
   * @throws {UnstorableValue}
   */
  async retry<T>(retryClass: RetryClass, work: () => PromiseLike<T>): Promise<T> {
    this.#retryBudget = Math.min(MAX_RETRY_BUDGET, this.#retryBudget + RETRIES_PER_STATEMENT);
    const startedAt = performance.now();
    let mayHaveTakenEffect = false;
    let failures = 0;
    for (let attempt = 1; ; attempt++) {
      this.#assertClosedBreaker(mayHaveTakenEffect);
      try {
        const result = await work();
        this.#breaker.onSuccess();
        return result;
      } catch (error) {
        const fault = this.#faultOf(error);
        if (fault !== 'unreachable') failures++;
        mayHaveTakenEffect ||= fault === 'lost' && retryClass !== 'read';
        const left = startedAt + RETRY_TIMEOUT_MS - performance.now();
        if (left <= 0 || !this.#mayRetry(retryClass, fault, failures)) {
          throw this.#unavailable(fault, mayHaveTakenEffect, error);
        }
        this.#metrics?.retried(fault);
        await sleep(Math.min(delayOf(fault, attempt), left));
      }
    }
  }

  #assertClosedBreaker(mayHaveTakenEffect: boolean): void {
    if (this.#breaker.allow()) return;
    this.#metrics?.unavailable('breaker-open');
    const retryAfter = 1 + Math.floor(Math.random() * MAX_SECONDS_WHILE_OPEN);
    throw new StorageUnavailable('The database cannot be reached', { retryAfter, mayHaveTakenEffect });
  }

  /** Classifies the error of an attempt. @throws the error itself, if it says nothing about the database */
  #faultOf(error: unknown): Exclude<DatabaseFault, 'mistake' | 'refused'> {
    const fault = faultOf(error);
    if (fault === 'mistake') throw error;
    if (fault === 'refused') throw new UnstorableValue('The database cannot keep a value', { cause: error });
    if (fault === 'full') this.#fullAt = performance.now();
    // A pool that is in use says nothing about the database.
    const isPoolTimeout = error instanceof Error && error.name === 'KnexTimeoutError';
    if (fault === 'lost' || (fault === 'unreachable' && !isPoolTimeout)) this.#breaker.onFailure();
    return fault;
  }

  #mayRetry(retryClass: RetryClass, fault: DatabaseFault, failures: number): boolean {
    if (fault === 'unreachable') return true;
    const isHarmless = fault === 'rolled-back' || (fault === 'lost' && retryClass !== 'write');
    if (!isHarmless || failures >= MAX_FAILURES || this.#retryBudget < 1) return false;
    this.#retryBudget--;
    return true;
  }

  #unavailable(fault: Exclude<DatabaseFault, 'mistake' | 'refused'>, mayHaveTakenEffect: boolean, cause: unknown) {
    this.#metrics?.unavailable(fault);
    const retryAfter = fault === 'full' ? AFTER_OPERATOR_HELP : SOON;
    return new StorageUnavailable(`The database request failed: ${fault}`, { retryAfter, mayHaveTakenEffect, cause });
  }
}

/** Exponential backoff with full jitter, in ms. */
function delayOf(fault: DatabaseFault, attempt: number): number {
  const longest = fault === 'unreachable' ? MAX_DELAY_UNSENT_MS : MAX_DELAY_MS;
  return Math.random() * Math.min(longest, FIRST_DELAY_MS * 2 ** (attempt - 1));
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
