import type { Socket } from 'node:net';
import pg from 'pg';
import { ConnectionFailed, isSpent, wordsOf } from '../resilience/errors.ts';
import type { Statement } from '../sql/statement.ts';
import { connectionSettings } from './connection-settings.ts';
import { type KnownColumns, PreparedQuery } from './prepared-query.ts';

const CONNECT_TIMEOUT_MS = 5_000;
/** Longer than `statement_timeout`: a server that works on a statement answers within that. */
const SILENCE_TIMEOUT_MS = 5_500;
const IDLE_TIMEOUT_MS = 30_000;
const LIFETIME_MS = 30 * 60_000;
const LIFETIME_JITTER_MS = 5 * 60_000;
/** A process that was paused for so long may have unread responses in its sockets. */
const PAUSE_MS = 2_000;
const CLOSE_TIMEOUT_MS = 1_000;

/** A pooler gives each transaction another server process, so it cannot report the process of this session. */
const SERVER = `
  select pg_backend_pid() as pid, to_regclass('pg_catalog.pg_dist_partition') is not null as has_citus`;

/**
 * Plans are made once per connection, perhaps while the tables are empty, and then kept. So they must be right for any size:
 * every statement follows an index that begins with `user_id`.
 */
export const KEEP_INDEX_PLANS = `
  select set_config('plan_cache_mode', 'force_generic_plan', false), set_config('jit', 'off', false),
         ${['seqscan', 'bitmapscan', 'sort', 'hashjoin', 'mergejoin'].map((node) => `set_config('enable_${node}', 'off', false)`)}`;

export interface LaneConnectionOptions {
  readonly url: string;
  /** Whether the server keeps prepared statements. It never does behind a pooler. */
  readonly prepared: boolean;
  /** For lanes that must not wait for locks, in ms. Ignored behind a pooler. */
  readonly lockTimeoutMs?: number | undefined;
  /** Called when the server was silent for too long, also while connecting: other connections may be dead as well. */
  readonly onSilence: () => void;
}

/** One connection to PostgreSQL, which runs one statement at a time. It has no transactions and no session of its own. */
export class LaneConnection {
  /** Whether one statement may execute several queries. Citus cannot send such a statement to one machine. */
  readonly canBatch: boolean;
  readonly #client: pg.Client;
  readonly #isPrepared: boolean;
  readonly #onSilence: () => void;
  readonly #columns: KnownColumns = new Map();
  readonly #closed: Promise<void>;
  readonly #retireAt = performance.now() + LIFETIME_MS + Math.random() * LIFETIME_JITTER_MS;
  #isOpen = true;
  /** When the statement in flight was sent. */
  #sentAt: number | undefined;
  #usedAt = performance.now();
  #heardAt = performance.now();
  #checkedAt = performance.now();
  #bytesRead = 0;

  private constructor(client: pg.Client, isPrepared: boolean, hasCitus: boolean, onSilence: () => void) {
    this.#client = client;
    this.#isPrepared = isPrepared;
    this.canBatch = !hasCitus;
    this.#onSilence = onSilence;
    for (const event of ['error', 'end'] as const) client.on(event, () => this.#destroy());
    this.#closed = new Promise((resolve) => client.once('end', resolve));
  }

  /** @throws {ConnectionFailed} */
  static async open(options: LaneConnectionOptions): Promise<LaneConnection> {
    const { url, prepared, lockTimeoutMs, onSilence } = options;
    const client = new pg.Client(connectionSettings(url, 'task-service') as pg.ClientConfig);
    const destroy = () => void client.connection.stream.destroy();
    // The driver does not close the socket after an error.
    client.on('error', destroy);
    const timeout = setTimeout(() => {
      destroy();
      onSilence();
    }, CONNECT_TIMEOUT_MS);
    try {
      await client.connect();
      const [server] = (await client.query<{ pid: number; has_citus: boolean }>(SERVER)).rows;
      const isDirect = server?.pid === (client as pg.Client & { readonly processID: number }).processID;
      const hasCitus = server?.has_citus ?? false;
      // A pooler would keep the settings for other clients, and Citus cannot use generic plans.
      if (isDirect && !hasCitus) await client.query(KEEP_INDEX_PLANS);
      if (isDirect && lockTimeoutMs !== undefined) await client.query(`set lock_timeout = ${lockTimeoutMs}`);
      return new LaneConnection(client, prepared && isDirect, hasCitus, onSilence);
    } catch (error) {
      destroy();
      throw new ConnectionFailed(wordsOf(error), { cause: error });
    } finally {
      clearTimeout(timeout);
    }
  }

  get isUsable(): boolean {
    return this.#isOpen;
  }

  /**
   * To be called again only after the promise has settled.
   * @throws the error of the driver or the server
   * @throws {MisplacedRow} which also closes the connection
   */
  send<Values, Result>(statement: Statement<Values, Result>, values: Values): Promise<Result> {
    return new Promise((resolve, reject) => {
      const form = this.#isPrepared ? statement : { name: '', text: statement.text };
      const query = new PreparedQuery(form, statement.parametersOf(values), this.#columns, (error, rows) => {
        this.#sentAt = undefined;
        this.#usedAt = performance.now();
        try {
          if (error !== null) throw error;
          resolve(statement.resultOf(rows, values));
        } catch (failure) {
          if (error === null || isSpent(failure)) this.#destroy();
          reject(failure);
        }
      });
      this.#sentAt = performance.now();
      this.#client.query(query as unknown as pg.Query);
    });
  }

  /** Closes the connection if it is silent, idle or old. To be called about twice a second. */
  check(now: number): void {
    const { bytesRead } = this.#client.connection.stream as Socket;
    if (bytesRead !== this.#bytesRead || now - this.#checkedAt > PAUSE_MS) this.#heardAt = now;
    this.#bytesRead = bytesRead;
    this.#checkedAt = now;
    if (this.#sentAt === undefined) {
      if (now - this.#usedAt > IDLE_TIMEOUT_MS || now > this.#retireAt) void this.close();
    } else if (now - Math.max(this.#sentAt, this.#heardAt) > SILENCE_TIMEOUT_MS) {
      this.#destroy();
      this.#onSilence();
    }
  }

  /** Closes an idle connection. Call it on a busy one only if its result no longer matters. */
  async close(): Promise<void> {
    this.#isOpen = false;
    const timeout = setTimeout(() => this.#destroy(), CLOSE_TIMEOUT_MS);
    void this.#client.end();
    await this.#closed;
    clearTimeout(timeout);
  }

  #destroy(): void {
    this.#isOpen = false;
    this.#client.connection.stream.destroy();
  }
}
