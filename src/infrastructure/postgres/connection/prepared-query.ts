import type pg from 'pg';
import pgUtils from 'pg/lib/utils.js';
import { driverTypes } from './driver-types.ts';

type Field = { readonly name: string; readonly dataTypeID: number };
type Parse = (text: string) => unknown;

type Columns = readonly (readonly [name: string, parse: Parse])[];

/** How to read the columns of each prepared statement of one connection, by the statement's name. */
export type KnownColumns = Map<string, Columns>;

/** The part of the driver's connection that sends messages. https://www.postgresql.org/docs/current/protocol-flow.html */
interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  readonly parsedStatements: Readonly<Record<string, string>>;
  parse(message: object): void;
  bind(message: object): void;
  describe(message: object): void;
  execute(message: object): void;
  sync(): void;
}

/**
 * One execution of a statement, as the driver's client expects it from query classes. It does what the driver's own class
 * does for a prepared statement, but asks only once for the description of its columns.
 */
export class PreparedQuery {
  /** Empty for a statement that the server does not keep. */
  readonly name: string;
  readonly text: string;
  readonly callback: (error: Error | null, rows: unknown[]) => void;
  readonly #parameters: readonly unknown[];
  readonly #known: KnownColumns;
  readonly #rows: unknown[] = [];
  #columns: Columns | undefined;
  #parseError: Error | undefined;

  constructor(
    { name, text }: { readonly name: string; readonly text: string },
    parameters: readonly unknown[],
    known: KnownColumns,
    callback: PreparedQuery['callback'],
  ) {
    this.name = name;
    this.text = text;
    this.callback = callback;
    // Whatever cannot be encoded fails here, before anything is sent.
    this.#parameters = parameters.map(pgUtils.prepareValue);
    this.#known = known;
  }

  submit(connection: pg.Connection): null {
    const wire = connection as unknown as Wire;
    const isPrepared = this.name !== '' && wire.parsedStatements[this.name] !== undefined;
    this.#columns = isPrepared ? this.#known.get(this.name) : undefined;
    wire.stream.cork();
    try {
      if (!isPrepared) wire.parse({ name: this.name, text: this.text });
      wire.bind({ statement: this.name, values: this.#parameters });
      if (this.#columns === undefined) wire.describe({ type: 'P', name: '' });
      wire.execute({});
      wire.sync();
    } finally {
      wire.stream.uncork();
    }
    return null;
  }

  handleRowDescription({ fields }: { readonly fields: readonly Field[] }): void {
    this.#columns = fields.map(({ name, dataTypeID }) => [
      name,
      driverTypes.getTypeParser(dataTypeID, 'text') as Parse,
    ]);
    if (this.name !== '') this.#known.set(this.name, this.#columns);
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const row: Record<string, unknown> = {};
    try {
      for (const [n, [name, parse]] of (this.#columns ?? []).entries()) {
        const text = fields[n] as string | null;
        row[name] = text === null ? null : parse(text);
      }
      this.#rows.push(row);
    } catch (error) {
      this.#parseError = error as Error;
    }
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.callback(this.#parseError ?? null, this.#rows);
  }

  handleError(error: Error): void {
    this.callback(error, []);
  }
}
