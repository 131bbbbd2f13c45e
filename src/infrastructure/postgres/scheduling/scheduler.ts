import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOptions } from '../../../application/ports.ts';
import type { Observers } from '../observers.ts';
import { isLockTimeout } from '../resilience/errors.ts';
import type { LaneName, Query, Statement } from '../sql/statement.ts';
import type { Connection } from './connections.ts';
import { type Item, Lane } from './lane.ts';

const CHECK_INTERVAL_MS = 500;
/** How long a write may meet a lock before it fails. */
const LOCKED_TIMEOUT_MS = 2_000;
const LOCKED_FIRST_DELAY_MS = 10;
const LOCKED_MAX_DELAY_MS = 200;

/** Most queries that one statement executes. Each query may set less. */
const BATCH_SIZES: Readonly<Record<LaneName, number>> = { read: 64, write: 64, isolated: 1, page: 4, scan: 1 };

export interface SchedulerOptions {
  /** Most connections of each lane. */
  readonly sizes: Readonly<Record<LaneName, number>>;
  /** @throws {ConnectionFailed} */
  readonly open: (lane: LaneName) => Promise<Connection>;
  readonly observers?: Observers;
}

/** Whose query it is, and which task it writes. */
export interface Owned {
  readonly owner: string;
  /** Of the task that a write changes. */
  readonly id?: string | undefined;
}

/**
 * Decides which query is sent next, on which connection, and together with which others. Each lane has connections of its
 * own and serves its users in turns, so a user with much or expensive work delays mostly themselves.
 */
export class Scheduler {
  readonly #lanes: Readonly<Record<LaneName, Lane>>;
  readonly #observers: Observers;
  readonly #timer: NodeJS.Timeout;

  constructor({ sizes, open, observers = {} }: SchedulerOptions) {
    this.#observers = observers;
    const keys = new Set<string>();
    const laneOf = (name: LaneName) =>
      new Lane({
        name,
        size: sizes[name],
        batchSize: BATCH_SIZES[name],
        open: () => this.#open(name, open),
        keys,
        onSettled: () => this.#dispatch(),
        isolate: ({ query, values, options, resolve, reject }) =>
          void this.#runIsolated(query, values as Owned, options).then(resolve, reject),
        observers,
      });
    this.#lanes = {
      read: laneOf('read'),
      write: laneOf('write'),
      isolated: laneOf('isolated'),
      page: laneOf('page'),
      scan: laneOf('scan'),
    };
    this.#timer = setInterval(() => this.#check(), CHECK_INTERVAL_MS).unref();
  }

  get load() {
    return this.#all.map(({ load }) => load);
  }

  /**
   * @throws {CallAborted} when the signal was aborted before the statement was sent
   * @throws the error of the driver or the server
   */
  run<Values extends Owned, Row>(query: Query<Values, Row>, values: Values, options?: CallOptions): Promise<Row[]> {
    const rows = this.#enqueue(query.lane, query, query.statement, values, options);
    if (query.waiting === undefined) return rows;
    return rows.then((decided) => (decided.length > 0 ? decided : this.#runIsolated(query, values, options)));
  }

  /** To be called when a connection was closed because the server was silent. */
  onSilence(): void {
    for (const lane of this.#all) lane.onSilence();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#all.map((lane) => lane.close()));
  }

  get #all(): readonly Lane[] {
    return Object.values(this.#lanes);
  }

  #enqueue<Values extends Owned, Row>(
    lane: LaneName,
    query: Query<Values, Row>,
    statement: Statement<Values, Row[]>,
    values: Values,
    options: CallOptions | undefined,
    expiresAt = Number.POSITIVE_INFINITY,
  ): Promise<Row[]> {
    const { owner, id } = values;
    return new Promise((resolve, reject) => {
      const item = {
        query,
        statement,
        values,
        userId: owner,
        key: query.lane === 'write' ? id + owner : undefined,
        options,
        queuedAt: performance.now(),
        expiresAt,
        request: this.#observers.traces?.request(),
        resolve,
        reject,
      };
      this.#lanes[lane].add(item as unknown as Item);
    });
  }

  /** Executes it alone. While another transaction holds a lock, it goes back to the end of its user's queue. */
  async #runIsolated<Values extends Owned, Row>(
    query: Query<Values, Row>,
    values: Values,
    options: CallOptions | undefined,
  ): Promise<Row[]> {
    const giveUpAt = performance.now() + LOCKED_TIMEOUT_MS;
    for (let delay = LOCKED_FIRST_DELAY_MS; ; delay = Math.min(2 * delay, LOCKED_MAX_DELAY_MS)) {
      try {
        return await this.#enqueue('isolated', query, query.waiting ?? query.statement, values, options, giveUpAt);
      } catch (error) {
        if (!isLockTimeout(error) || performance.now() + delay > giveUpAt) throw error;
      }
      await sleep(delay);
    }
  }

  async #open(lane: LaneName, open: SchedulerOptions['open']): Promise<Connection> {
    const { metrics } = this.#observers;
    // The first write of a new user needs both. After a cold start, they connect at the same time.
    if (lane === 'write') this.#lanes.isolated.warm();
    try {
      const connection = await open(lane);
      metrics?.connectionOpened(lane);
      return connection;
    } catch (error) {
      metrics?.connectionFailed(lane);
      throw error;
    }
  }

  #dispatch(): void {
    for (const lane of this.#all) lane.dispatch();
  }

  #check(): void {
    const now = performance.now();
    for (const lane of this.#all) lane.check(now);
  }
}
