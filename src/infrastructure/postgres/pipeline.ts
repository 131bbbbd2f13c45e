import { ConnectionFailed } from './database-errors.ts';
import type { Observers } from './observers.ts';
import { PipelinedConnection } from './pipelined-connection.ts';
import type { Sender } from './sender.ts';
import type { Statement } from './statement.ts';

export interface PipelineOptions {
  readonly url: string;
  /** Whether the server is to keep statements. */
  readonly named: boolean;
  /** Used instead where a pooler stands before the server: some of them hang, or know no names. */
  readonly fallback: Sender;
  /** Told when a connection was given up because no answer came: others may be as dead. */
  readonly onSilence: () => void;
  readonly observers?: Observers;
}

/**
 * Sends over one connection at a time, which is opened when it is needed and not kept for ever. One that takes no further
 * statements may stay beside its successor until those in flight are answered.
 */
export class Pipeline implements Sender {
  readonly #options: PipelineOptions;
  /** All that are not closed yet. */
  readonly #connections = new Set<PipelinedConnection>();
  #connection: PipelinedConnection | undefined;
  #opening: Promise<PipelinedConnection> | undefined;
  #isPooled = false;
  #isClosed = false;

  constructor(options: PipelineOptions) {
    this.#options = options;
  }

  /** @throws {ConnectionFailed} also when it is closed */
  async send<Values, Row>(statement: Statement<Values, Row>, values: Values): Promise<Row[]> {
    const { named, fallback } = this.#options;
    this.#assertOpen();
    if (this.#isPooled) return fallback.send(statement, values);
    const connection = this.#connection?.isUsable ? this.#connection : await this.#open();
    this.#assertOpen();
    return connection.isDirect ? connection.send(statement, values, named) : fallback.send(statement, values);
  }

  /** Statements that have no answer yet. */
  get inFlight(): number {
    return this.#connection?.inFlight ?? 0;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#opening?.catch(() => {});
    await Promise.all([...this.#connections].map((connection) => connection.close()));
  }

  distrust(): void {
    for (const connection of this.#connections) connection.distrust();
  }

  /** The connection may have been opened meanwhile, only to be closed. */
  #assertOpen(): void {
    if (this.#isClosed) throw new ConnectionFailed('The pipeline is closed');
  }

  /** Whoever needs it meanwhile waits for the same one. */
  #open(): Promise<PipelinedConnection> {
    const { url, onSilence, observers = {} } = this.#options;
    this.#opening ??= PipelinedConnection.open({ url, onSilence, observers })
      .then((connection) => {
        this.#connection = connection;
        this.#connections.add(connection);
        void connection.farewell.then(() => this.#connections.delete(connection));
        this.#isPooled = !connection.isDirect;
        if (this.#isPooled) void connection.close();
        return connection;
      })
      .finally(() => {
        this.#opening = undefined;
      });
    return this.#opening;
  }
}
