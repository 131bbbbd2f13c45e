import { CallAborted, type CallOptions } from '../../../application/ports.ts';
import type { Observers } from '../observers.ts';
import { ConnectionFailed, type DatabaseFault, faultOf, isLockTimeout, LockTimeout } from '../resilience/errors.ts';
import type { LaneName, Query, Statement } from '../sql/statement.ts';
import { type Connection, Connections } from './connections.ts';
import { FairQueue, type Verdict } from './fair-queue.ts';

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
  /** Until when it may be sent: after that it fails with `LockTimeout`. */
  readonly expiresAt: number;
  /** The request whose trace it belongs to. */
  readonly request: unknown;
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
  readonly #connections: Connections;
  #inFlight = 0;
  #isClosed = false;
  #isDue = false;

  constructor(options: LaneOptions) {
    this.#options = options;
    const { size, open } = options;
    // Those who wait without any connection decide whether they retry.
    this.#connections = new Connections({
      size,
      open,
      onOpen: () => this.dispatch(),
      onFailure: (error) => this.#rejectAll(error),
    });
    const capacity = size * options.batchSize;
    // Scans are slow, so one user never has all connections of that lane.
    const limit = options.name === 'scan' ? Math.max(1, size - 1) : capacity;
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
    if (this.#isDue) return;
    this.#isDue = true;
    // What arrives in the same turn of the event loop shares the statement.
    setImmediate(() => {
      this.#isDue = false;
      this.dispatch();
    });
  }

  /** Sends what can be sent now. */
  dispatch(): void {
    while (this.#queue.size > 0) {
      const connection = this.#connections.take();
      if (connection === undefined) break;
      const batch = this.#takeBatch(connection);
      if (batch.length === 0) {
        this.#connections.release(connection);
        return;
      }
      this.#execute(connection, batch);
    }
    this.#connections.openFor(this.#queue.size);
  }

  /** Drops aborted items and checks the connections. To be called about twice a second. */
  check(now: number): void {
    for (const item of this.#queue.remove((waiting) => isOver(waiting, now))) drop(item);
    this.#connections.check(now);
    this.dispatch();
  }

  /** Opens the first connection before it is needed. */
  warm(): void {
    this.#connections.warm();
  }

  /** To be called when a connection to the same server turned out to be dead. The idle ones are suspect, too. */
  onSilence(): void {
    this.#rejectAll(new ConnectionFailed('The server is silent'));
    this.#connections.closeIdle();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const item of this.#queue.remove(() => true)) drop(item);
    await this.#connections.close();
  }

  #rejectAll(error: unknown): void {
    for (const { reject } of this.#queue.remove(() => true)) reject(error);
  }

  #takeBatch({ canBatch }: Connection): Item[] {
    const { batchSize, keys } = this.#options;
    const now = performance.now();
    const judge = (item: Item, first: Item | undefined): Verdict => {
      if (isOver(item, now)) {
        drop(item);
        return 'drop';
      }
      // Otherwise, later items of the user would pass this one again and again.
      if (first !== undefined && item.query !== first.query) return 'stop';
      if (item.key === undefined) return 'take';
      if (keys.has(item.key)) return 'wait';
      keys.add(item.key);
      return 'take';
    };
    const limitOf = ({ query }: Item) => (canBatch ? Math.min(batchSize, query.batch?.maxSize ?? 1) : 1);
    const batch = this.#queue.take(judge, limitOf);
    this.#inFlight += batch.length;
    return batch;
  }

  #execute(connection: Connection, batch: readonly Item[]): void {
    const { name, observers } = this.#options;
    const [first] = batch as readonly [Item];
    const sentAt = performance.now();
    for (const { options, queuedAt } of batch) {
      options?.onSend?.();
      observers.metrics?.waited(name, sentAt - queuedAt);
    }
    // The next statement is sent before the results are handed out: the server works while requests are answered.
    send(connection, batch).then(
      (results) => {
        this.#settle(connection, batch);
        report(observers, batch, sentAt, undefined);
        if (batch.length === 1) first.resolve(results);
        else for (const [n, { resolve }] of batch.entries()) resolve(results[n] as unknown[]);
      },
      (error) => {
        this.#settle(connection, batch);
        report(observers, batch, sentAt, faultOf(error));
        for (const item of batch) {
          if (this.#mayIsolate(item, batch.length, error)) this.#options.isolate(item);
          else item.reject(error);
        }
      },
    );
  }

  #settle(connection: Connection, batch: readonly Item[]): void {
    this.#inFlight -= batch.length;
    for (const item of batch) {
      this.#queue.release(item);
      if (item.key !== undefined) this.#options.keys.delete(item.key);
    }
    this.#connections.release(connection);
    this.#options.onSettled();
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

/** @returns the rows of a single item, or those of each item of a batch */
function send(connection: Connection, items: readonly Item[]): Promise<unknown[]> {
  const [{ query, statement, values }] = items as readonly [Item];
  if (items.length === 1 || query.batch === undefined) return connection.send(statement, values);
  return connection.send(
    query.batch.of(items.length),
    items.map((item) => item.values),
  );
}

function report(
  { metrics, traces }: Observers,
  items: readonly Item[],
  sentAt: number,
  fault: DatabaseFault | undefined,
): void {
  const endedAt = performance.now();
  const { label } = (items[0] as Item).statement;
  metrics?.executed(label, items.length, endedAt - sentAt, fault);
  traces?.executed(
    items.map(({ request }) => request),
    { statement: label, sentAt, endedAt },
    fault,
  );
}

const isOver = ({ options, expiresAt }: Item, now: number): boolean =>
  options?.signal?.aborted === true || now > expiresAt;

function drop({ reject, expiresAt }: Item): void {
  const isLate = performance.now() > expiresAt;
  reject(isLate ? new LockTimeout('Waited too long for a lock') : new CallAborted('The request has ended'));
}
