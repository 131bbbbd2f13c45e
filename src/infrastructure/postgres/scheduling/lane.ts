import { CallAborted, type CallOptions } from '../../../application/ports.ts';
import { type Observers, reportStatement } from '../observers.ts';
import { faultOf, isLockTimeout } from '../resilience/errors.ts';
import type { Batch, LaneName, Query, Statement } from '../sql/statement.ts';
import { FairQueue, type Verdict } from './fair-queue.ts';

/** What a lane needs of a connection. */
export interface Connection {
  readonly isUsable: boolean;
  readonly canMixUsers: boolean;
  send<Values, Result>(statement: Statement<Values, Result>, values: Values): Promise<Result>;
  check(now: number): void;
  close(): Promise<void>;
}

/** One execution of a query for one user. */
export interface Item {
  readonly query: Query<unknown, unknown>;
  /** Executes it alone. */
  readonly statement: Statement<unknown, unknown[]>;
  readonly values: unknown;
  readonly userId: string;
  /** At most one item of a key is in flight. */
  readonly key: string | undefined;
  readonly options: CallOptions | undefined;
  readonly queuedAt: number;
  /** Whose trace it belongs to. */
  readonly asker: unknown;
  readonly resolve: (rows: unknown[]) => void;
  readonly reject: (error: unknown) => void;
}

export interface LaneOptions {
  readonly name: LaneName;
  /** Most connections. */
  readonly size: number;
  /** Most items in one statement. */
  readonly batchSize: number;
  readonly open: () => Promise<Connection>;
  /** The keys in flight, on all lanes. */
  readonly keys: Set<string>;
  /** Called when items are no longer in flight: others may have waited for their keys. */
  readonly onSettled: () => void;
  /** Executes an item of a failed batch alone. */
  readonly isolate: (item: Item) => void;
  readonly observers: Observers;
}

/** The largest part of a lane that one user has in flight while others wait. */
const USER_SHARE = 0.25;

/** Executes items fairly over a few connections of its own. What arrives while all are busy makes up the next batches. */
export class Lane {
  readonly #options: LaneOptions;
  readonly #queue: FairQueue<Item>;
  readonly #connections = new Set<Connection>();
  readonly #idle: Connection[] = [];
  #opening = 0;
  #inFlight = 0;
  #isClosed = false;

  constructor(options: LaneOptions) {
    this.#options = options;
    const capacity = options.size * options.batchSize;
    // Scans are slow, so one user never has all connections of that lane.
    const limit = options.name === 'scan' ? Math.max(1, options.size - 1) : capacity;
    this.#queue = new FairQueue(Math.max(1, Math.floor(capacity * USER_SHARE)), limit);
  }

  get load() {
    return {
      lane: this.#options.name,
      queued: this.#queue.size,
      inFlight: this.#inFlight,
      connections: this.#connections.size,
    };
  }

  add(item: Item): void {
    if (this.#isClosed) drop(item);
    else this.#queue.push(item);
    this.dispatch();
  }

  /** Sends what can be sent now. */
  dispatch(): void {
    while (this.#queue.size > 0) {
      const connection = this.#takeIdle();
      if (connection === undefined) break;
      const batch = this.#takeBatch(connection);
      if (batch.length === 0) {
        this.#idle.push(connection);
        return;
      }
      void this.#execute(connection, batch);
    }
    this.#openIfNeeded();
  }

  /** Drops aborted items and closes silent, idle and old connections. To be called about twice a second. */
  check(now: number): void {
    for (const item of this.#queue.remove(({ options }) => options?.signal?.aborted === true)) drop(item);
    for (const connection of this.#connections) connection.check(now);
    this.dispatch();
  }

  /** Closes the connections that are not in use, because another one turned out to be dead. */
  closeIdle(): void {
    for (const connection of this.#idle.splice(0)) {
      this.#connections.delete(connection);
      void connection.close();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const item of this.#queue.remove(() => true)) drop(item);
    await Promise.all(Array.from(this.#connections, (connection) => connection.close()));
  }

  #takeIdle(): Connection | undefined {
    for (;;) {
      const connection = this.#idle.pop();
      if (connection === undefined || connection.isUsable) return connection;
      this.#connections.delete(connection);
    }
  }

  #openIfNeeded(): void {
    const { size, open } = this.#options;
    if (this.#connections.size + this.#opening >= size || this.#opening >= this.#queue.size) return;
    this.#opening++;
    open().then(
      (connection) => {
        this.#opening--;
        this.#connections.add(connection);
        if (this.#isClosed) return void connection.close();
        this.#idle.push(connection);
        this.dispatch();
      },
      // Whoever waits decides again how long to wait.
      (error) => {
        this.#opening--;
        for (const { reject } of this.#queue.remove(() => true)) reject(error);
      },
    );
  }

  #takeBatch({ canMixUsers }: Connection): Item[] {
    const { batchSize, keys } = this.#options;
    const judge = (item: Item, first: Item | undefined): Verdict => {
      if (item.options?.signal?.aborted) {
        drop(item);
        return 'drop';
      }
      if (first !== undefined && item.query !== first.query) return 'later';
      if (first !== undefined && item.userId !== first.userId && !canMixUsers) return 'later';
      if (item.key === undefined) return 'now';
      if (keys.has(item.key)) return 'later';
      keys.add(item.key);
      return 'now';
    };
    const batch = this.#queue.take(judge, ({ query }) => Math.min(batchSize, query.batch?.maxSize ?? 1));
    this.#inFlight += batch.length;
    return batch;
  }

  async #execute(connection: Connection, batch: readonly Item[]): Promise<void> {
    try {
      await this.#send(connection, batch);
    } catch (error) {
      for (const item of batch) {
        if (this.#mayIsolate(item, batch.length, error)) this.#options.isolate(item);
        else item.reject(error);
      }
    } finally {
      this.#inFlight -= batch.length;
      for (const item of batch) {
        this.#queue.release(item);
        if (item.key !== undefined) this.#options.keys.delete(item.key);
      }
      if (connection.isUsable) this.#idle.push(connection);
      else this.#connections.delete(connection);
      this.#options.onSettled();
    }
  }

  async #send(connection: Connection, batch: readonly Item[]): Promise<void> {
    const { name, observers } = this.#options;
    const [first] = batch as readonly [Item];
    const sentAt = performance.now();
    for (const { options, queuedAt } of batch) {
      options?.onSend?.();
      observers.metrics?.waited(name, sentAt - queuedAt);
    }
    const execution = { label: first.statement.label, items: batch.length, sentAt };
    const report = (failure?: { readonly error: unknown }) => reportStatement(observers, execution, failure);
    const run = async () => {
      try {
        await (batch.length === 1 ? sendOne(connection, first) : sendBatch(connection, batch));
        report();
      } catch (error) {
        report({ error });
        throw error;
      }
    };
    const { traces } = observers;
    await (traces === undefined
      ? run()
      : traces.onBehalfOf(
          batch.map(({ asker }) => asker),
          run,
        ));
  }

  /** Whether the error may be due to another item, or to a lock, and the statement surely had no effect. */
  #mayIsolate({ query }: Item, batchSize: number, error: unknown): boolean {
    if (this.#options.name === 'isolated') return false;
    if (isLockTimeout(error) && query.waiting !== undefined) return true;
    const fault = faultOf(error);
    const isHarmless =
      fault === 'rolled-back' || fault === 'refused' || (fault === 'mistake' && query.retry === 'read');
    return batchSize > 1 && isHarmless;
  }
}

async function sendOne(connection: Connection, { statement, values, resolve }: Item): Promise<void> {
  resolve(await connection.send(statement, values));
}

async function sendBatch(connection: Connection, items: readonly Item[]): Promise<void> {
  const batch = (items[0] as Item).query.batch as Batch<unknown, unknown>;
  const results = await connection.send(
    batch.of(items.length),
    items.map(({ values }) => values),
  );
  for (const [n, { resolve }] of items.entries()) resolve(results[n] as unknown[]);
}

const drop = ({ reject }: Item): void => reject(new CallAborted('The request has ended'));
