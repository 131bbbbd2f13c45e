import pg from 'pg';
import { connectionSettings } from './connection-settings.ts';
import { ConnectionFailed, isSpent, wordsOf } from './database-errors.ts';
import { atEndOfTurn } from './end-of-turn.ts';
import { isDirect } from './is-direct.ts';
import { type Observers, tellAnswered } from './observers.ts';
import { answersOf, CrossedAnswer, type Statement } from './statement.ts';

/** Statements wait so long for a database that wakes up. */
const CONNECT_WITHIN_MS = 5_000;
/** Longer than the server lets a statement run. */
const ANSWER_WITHIN_MS = 5_500;
/** The server lets no statement run longer: where nothing at all is answered for this long, it is not there. */
const SILENCE_MS = 4_000;
/** A silent one beside another that was found dead: within so long it must answer. */
const PROOF_WITHIN_MS = 500;
const IDLE_FOR_MS = 30_000;
const LIFETIME_MS = 30 * 60_000;
const LIFETIME_JITTER_MS = 5 * 60_000;
const LOOK_EVERY_MS = 500;
/** If the process did not come to look for so long, it stood still itself, and answers may lie in the socket. */
const PAUSE_MS = 4 * LOOK_EVERY_MS;
const FAREWELL_MS = 1_000;

export interface PipelinedConnectionOptions {
  readonly url: string;
  /** Told when it was given up because no answer came. */
  readonly onSilence: () => void;
  readonly observers: Observers;
}

/**
 * Each statement is planned once, perhaps while the tables are empty, and that plan is kept: so it must be one that is right
 * for any size. All that is sent here follows an index.
 */
export const PLAN_ALONG_INDEXES = `
  select set_config('plan_cache_mode', 'force_generic_plan', false), set_config('jit', 'off', false),
         ${['seqscan', 'bitmapscan', 'sort', 'hashjoin', 'mergejoin'].map((way) => `set_config('enable_${way}', 'off', false)`)}`;

interface InFlight {
  since: number;
}

/**
 * One connection on which statements are sent without waiting for the answers to those before. Each is committed by
 * itself: there can be no transactions, because the statements of strangers stand in between.
 */
export class PipelinedConnection {
  /** Whether it leads to the server itself, and not to a pooler that has a server for each statement. */
  readonly isDirect: boolean;
  /** Resolves when its socket is closed. */
  readonly farewell: Promise<void>;
  readonly #client: pg.Client;
  readonly #onSilence: () => void;
  readonly #observers: Observers;
  readonly #watch: NodeJS.Timeout;
  readonly #retireAt = performance.now() + LIFETIME_MS + Math.random() * LIFETIME_JITTER_MS;
  /**
   * A retiring one takes no further statements, and closes when those in flight are answered. One that is gone has lost what was
   * in flight.
   */
  #state: 'open' | 'retiring' | 'gone' = 'open';
  /** In the order in which they were sent, and are answered. */
  readonly #inFlight = new Set<InFlight>();
  #answeredAt = performance.now();
  #lookedAt = performance.now();
  #isCorked = false;
  #isDistrusted = false;

  private constructor(client: pg.Client, isDirect: boolean, { onSilence, observers }: PipelinedConnectionOptions) {
    this.#client = client;
    this.#onSilence = onSilence;
    this.#observers = observers;
    this.isDirect = isDirect;
    for (const event of ['error', 'end'] as const) client.on(event, () => this.#cut());
    this.farewell = new Promise((resolve) => client.once('end', resolve));
    this.#watch = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  /** @throws {ConnectionFailed} */
  static async open(options: PipelinedConnectionOptions): Promise<PipelinedConnection> {
    const { metrics } = options.observers;
    const settings = connectionSettings(options.url, 'task-service') as pg.ClientConfig;
    const client = new pg.Client({ ...settings, pipeline: true });
    const cut = () => void client.connection.stream.destroy();
    // The driver leaves it open. Who waits is told by `connect`, and later those whose statements are in flight.
    client.on('error', cut);
    const patience = setTimeout(cut, CONNECT_WITHIN_MS);
    try {
      await client.connect();
      const direct = await isDirect(client);
      // Behind a pooler, the session would keep them for strangers.
      if (direct) await client.query(PLAN_ALONG_INDEXES);
      metrics?.connectionOpened('pipeline');
      return new PipelinedConnection(client, direct, options);
    } catch (error) {
      metrics?.connectionFailed('pipeline');
      cut();
      throw new ConnectionFailed(wordsOf(error), { cause: error });
    } finally {
      clearTimeout(patience);
    }
  }

  /** Whether it may be given further statements. */
  get isUsable(): boolean {
    return this.#state === 'open';
  }

  /** Statements that have no answer yet. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** @throws what the driver or the server says */
  async send<Values, Row>(statement: Statement<Values, Row>, values: Values, named: boolean): Promise<Row[]> {
    const inFlight: InFlight = { since: performance.now() };
    this.#inFlight.add(inFlight);
    try {
      const query = { text: statement.text, values: statement.valuesOf(values) };
      const { rows } = await this.#query<Row>(named ? { name: statement.name, ...query } : query);
      const answers = answersOf(statement, values, rows);
      tellAnswered(this.#observers, statement.purpose, inFlight.since);
      return answers;
    } catch (error) {
      tellAnswered(this.#observers, statement.purpose, inFlight.since, { error });
      // Whose the other answers are nobody can say now.
      if (error instanceof CrossedAnswer) this.#cut();
      else if (isSpent(error)) void this.retire();
      throw error;
    } finally {
      this.#inFlight.delete(inFlight);
      this.#answeredAt = performance.now();
      this.#isDistrusted = false;
    }
  }

  /** Takes no further statements, and closes when those in flight are answered. */
  retire(): Promise<void> {
    if (this.#state === 'open') {
      this.#state = 'retiring';
      void this.#client.end();
    }
    return this.farewell;
  }

  /** The same, also for one that is retiring, but does not wait for an answer that does not come. */
  async close(): Promise<void> {
    const patience = setTimeout(() => this.#cut(), FAREWELL_MS);
    await this.retire();
    clearTimeout(patience);
  }

  /** When somebody else's connection to the same server has fallen silent. One that is in use soon finds out by itself. */
  distrust(): void {
    if (this.#inFlight.size === 0) this.#cut();
    else this.#isDistrusted = performance.now() - this.#answeredAt > SILENCE_MS;
  }

  #query<Row>(query: pg.QueryConfig): Promise<{ rows: Row[] }> {
    this.#corkUntilEndOfTurn();
    return new Promise((resolve, reject) => {
      this.#client.query(query, (error, result) => {
        if (error) reject(error);
        else resolve(result as unknown as { rows: Row[] });
      });
    });
  }

  /** What is sent in one turn of the event loop is written at once. */
  #corkUntilEndOfTurn(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    const { stream } = this.#client.connection;
    stream.cork();
    atEndOfTurn(() => {
      this.#isCorked = false;
      stream.uncork();
    });
  }

  #look(): void {
    const now = performance.now();
    const wasPaused = now - this.#lookedAt > PAUSE_MS;
    this.#lookedAt = now;
    if (wasPaused) {
      for (const inFlight of this.#inFlight) inFlight.since = now;
      return;
    }
    const silentFor = now - this.#answeredAt;
    const [oldest] = this.#inFlight;
    const patience = this.#isDistrusted ? PROOF_WITHIN_MS : ANSWER_WITHIN_MS;
    if (oldest !== undefined && now - oldest.since > patience) {
      this.#cut();
      if (silentFor > SILENCE_MS) this.#onSilence();
    } else if (!oldest && this.#state === 'retiring') this.#cut();
    else if (now > this.#retireAt || (!oldest && silentFor > IDLE_FOR_MS)) void this.retire();
  }

  #cut(): void {
    this.#state = 'gone';
    clearInterval(this.#watch);
    this.#client.connection.stream.destroy();
  }
}
