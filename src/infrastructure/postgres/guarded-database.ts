import type { Knex } from 'knex';
import { StorageUnavailable, UnstorableValue } from '../../application/ports.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { type DatabaseFault, faultOf, NotSent } from './database-errors.ts';
import type { DatabaseMetrics } from './observers.ts';

/**
 * What a statement does when it is sent twice: nothing, nothing more than once, or perhaps something again. The last kind
 * is never sent again while it is unknown whether it took effect.
 */
export type Effect = 'read' | 'create' | 'write';

export type Work<T> = (knex: Knex) => PromiseLike<T>;

/** Statements that may wait for each connection, before more are refused. */
const WAITING_PER_CONNECTION = 20;

/** A restart of the database takes less; a client waits no longer than it would without repetition. */
const RETRY_WITHIN_MS = 2_500;
/** Of those that were sent. */
const MAX_FAILURES = 3;
const FIRST_DELAY_MS = 50;
const MAX_DELAY_MS = 1_000;
/** While no connection can be made: all who wait for one share the attempts, so these may be frequent. */
const MAX_DELAY_UNSENT_MS = 200;

/** So that repetitions do not double the load on a database that fails under it: one for each ten statements. */
const RETRIES_PER_STATEMENT = 0.1;
const MAX_SPARE_RETRIES = 50;

/** How long one wait for a connection may be followed by another, while the first one is still being made. */
const WAKING_WITHIN_MS = 5_000;

/** Seconds until a request that was refused is worth sending again. */
const SOON = 1;
const WHEN_SOMEBODY_HELPED = 30;
const MAX_SECONDS_WHILE_OPEN = 5;

/** How long a database that had no room counts as full. */
const FULL_FOR_MS = 5_000;

/** Stands between the statements and the database: bounds how many wait, repeats what may be, and gives up in time. */
export class GuardedDatabase {
  readonly #knex: Knex;
  readonly #capacity: number;
  readonly #metrics: DatabaseMetrics | undefined;
  readonly #breaker = new CircuitBreaker();
  #running = 0;
  #spareRetries = MAX_SPARE_RETRIES;
  #fullAt = Number.NEGATIVE_INFINITY;

  constructor(knex: Knex, maxConnections: number = knex.client.pool.max, metrics?: DatabaseMetrics) {
    this.#knex = knex;
    this.#capacity = maxConnections * (1 + WAITING_PER_CONNECTION);
    this.#metrics = metrics;
  }

  /** Whether there was no room for data lately. */
  get isFull(): boolean {
    return performance.now() - this.#fullAt < FULL_FOR_MS;
  }

  /** How it is used at this moment, and how much it bears. */
  get load() {
    const { pool } = this.#knex.client;
    return {
      running: this.#running,
      capacity: this.#capacity,
      isBreakerOpen: this.#breaker.isOpen,
      pool: { used: pool.numUsed(), idle: pool.numFree(), waiting: pool.numPendingAcquires() },
    };
  }

  /**
   * @param work begins it anew each time it is called
   * @throws {StorageUnavailable} when the database could not be asked, or did not answer
   * @throws {UnstorableValue} when the database cannot keep what it was given
   */
  async run<T>(effect: Effect, work: Work<T>): Promise<T> {
    if (this.#running >= this.#capacity) {
      this.#metrics?.unavailable('too-many-waiting');
      throw unavailable('Too many statements wait', SOON, false);
    }
    this.#running++;
    this.#spareRetries = Math.min(MAX_SPARE_RETRIES, this.#spareRetries + RETRIES_PER_STATEMENT);
    try {
      return await this.#attempt(effect, work);
    } finally {
      this.#running--;
    }
  }

  /** Sends a statement once, whatever else is going on, to learn how the database is. Errors stay as they are. */
  async probe<T>(work: Work<T>): Promise<T> {
    const answer = await work(this.#knex);
    this.#breaker.succeeded();
    return answer;
  }

  async #attempt<T>(effect: Effect, work: Work<T>): Promise<T> {
    const began = performance.now();
    let mayHaveTakenEffect = false;
    let failures = 0;
    for (let attempt = 1; ; attempt++) {
      if (!this.#breaker.admits()) {
        this.#metrics?.unavailable('breaker-open');
        const seconds = 1 + Math.floor(Math.random() * MAX_SECONDS_WHILE_OPEN);
        throw unavailable('The database cannot be reached', seconds, mayHaveTakenEffect);
      }
      try {
        const answer = await work(this.#knex);
        this.#breaker.succeeded();
        return answer;
      } catch (error) {
        const fault = faultOf(error);
        if (fault === 'mistake') throw error;
        if (fault === 'refused') throw new UnstorableValue('The database cannot keep a value', { cause: error });
        this.#noteFault(fault, error);
        if (fault !== 'unreachable') failures++;
        mayHaveTakenEffect ||= fault === 'lost' && effect !== 'read';

        const elapsed = performance.now() - began;
        if (isTimeoutOfPool(error) && this.#isWaking() && elapsed < WAKING_WITHIN_MS) continue;
        const left = RETRY_WITHIN_MS - elapsed;
        if (left <= 0 || !this.#mayRepeat(effect, fault, failures)) {
          this.#metrics?.unavailable(fault);
          const seconds = fault === 'full' ? WHEN_SOMEBODY_HELPED : SOON;
          throw unavailable(`The database could not be asked: ${fault}`, seconds, mayHaveTakenEffect, error);
        }
        this.#metrics?.repeated(fault);
        const longest = fault === 'unreachable' ? MAX_DELAY_UNSENT_MS : MAX_DELAY_MS;
        const delay = Math.random() * Math.min(longest, FIRST_DELAY_MS * 2 ** (attempt - 1));
        // However the dice fall, none gives up before its time.
        await sleep(Math.min(delay, left));
      }
    }
  }

  #noteFault(fault: DatabaseFault, error: unknown): void {
    if (fault === 'full') this.#fullAt = performance.now();
    // That others keep connections or locks says nothing against the database.
    const isQueue = isTimeoutOfPool(error) || error instanceof NotSent;
    if (fault === 'lost' || (fault === 'unreachable' && !isQueue)) this.#breaker.failed();
  }

  #mayRepeat(effect: Effect, fault: DatabaseFault, failures: number): boolean {
    if (fault === 'unreachable') return true;
    const isHarmless = fault === 'rolled-back' || (fault === 'lost' && effect !== 'write');
    if (!isHarmless || failures >= MAX_FAILURES || this.#spareRetries < 1) return false;
    this.#spareRetries--;
    return true;
  }

  /** Whether the first connection is still being made, as to a serverless database that wakes up. */
  #isWaking(): boolean {
    const { pool } = this.#knex.client;
    return pool.numPendingCreates() > 0 && pool.numUsed() + pool.numFree() === 0;
  }
}

const unavailable = (message: string, retryAfter: number, mayHaveTakenEffect: boolean, cause?: unknown) =>
  new StorageUnavailable(message, { retryAfter, mayHaveTakenEffect, cause });

const isTimeoutOfPool = (error: unknown): boolean => error instanceof Error && error.name === 'KnexTimeoutError';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
