import type { Connection } from '../../../src/infrastructure/postgres/scheduling/connections.ts';
import type { LaneName, Query, RetryClass, Statement } from '../../../src/infrastructure/postgres/sql/statement.ts';

export interface Values {
  readonly owner: string;
  readonly id: string;
  /** Unique per item. */
  readonly serial: number;
}

export interface Row {
  readonly serial: number;
}

export type FakeQuery = Query<Values, Row>;

/** How a statement was built: for one item, for a batch, or to wait for a lock. */
type Form = 'single' | 'batch' | 'waiting';

/** One statement on one connection. */
export interface Sending {
  readonly lane: LaneName;
  readonly connection: FakeConnection;
  readonly query: FakeQuery;
  readonly form: Form;
  readonly items: readonly Values[];
}

export interface Outcome {
  readonly ms: number;
  readonly error?: Error | undefined;
  /** Whether the server closes the connection. */
  readonly closes?: boolean;
  /** Items whose task is locked: they get no row. */
  readonly isLocked?: (item: Values) => boolean;
}

interface Attempt {
  readonly ms: number;
  readonly error?: Error | undefined;
}

interface Behavior {
  readonly canBatch?: boolean;
  readonly connect?: (lane: LaneName) => Attempt;
  readonly execute: (sending: Sending) => Outcome;
}

interface FakeStatement extends Statement<unknown, unknown> {
  readonly query: FakeQuery;
  readonly form: Form;
}

/** @param batchSize undefined for a query that is never batched */
export function fakeQuery(
  label: string,
  lane: LaneName,
  retry: RetryClass,
  { batchSize, waits = false }: { readonly batchSize?: number; readonly waits?: boolean } = {},
): FakeQuery {
  const statementOf = <V, R>(form: Form): Statement<V, R> => {
    const unused = () => {
      throw new Error('The fake connection does not build parameters or results');
    };
    const statement = { name: label, label, text: label, parametersOf: unused, resultOf: unused, form };
    return Object.defineProperty(statement, 'query', { get: () => query }) as unknown as Statement<V, R>;
  };
  const query: FakeQuery = {
    lane,
    retry,
    statement: statementOf('single'),
    ...(batchSize === undefined ? {} : { batch: { maxSize: batchSize, of: () => statementOf('batch') } }),
    ...(waits ? { waiting: statementOf('waiting') } : {}),
  };
  return query;
}

/** A server whose connections take as long as a test says, on the clock of the test. */
export class FakeDatabase {
  readonly connections: FakeConnection[] = [];
  readonly sendings: Sending[] = [];
  readonly #behavior: Behavior;
  readonly #opening = new Map<LaneName, number>();

  constructor(behavior: Behavior) {
    this.#behavior = behavior;
  }

  /** Connections of a lane that are open or being opened. */
  connected(lane: LaneName): number {
    const open = this.connections.filter((connection) => connection.lane === lane && connection.isUsable);
    return open.length + (this.#opening.get(lane) ?? 0);
  }

  readonly open = async (lane: LaneName): Promise<Connection> => {
    const { ms, error } = this.#behavior.connect?.(lane) ?? { ms: 0 };
    this.#countOpening(lane, 1);
    await after(ms);
    this.#countOpening(lane, -1);
    if (error !== undefined) throw error;
    const connection = new FakeConnection(lane, this.#behavior.canBatch ?? true, (sending) => {
      this.sendings.push(sending);
      return this.#behavior.execute(sending);
    });
    this.connections.push(connection);
    return connection;
  };

  #countOpening(lane: LaneName, change: number): void {
    this.#opening.set(lane, (this.#opening.get(lane) ?? 0) + change);
  }
}

export class FakeConnection implements Connection {
  readonly lane: LaneName;
  readonly canBatch: boolean;
  isUsable = true;
  /** Statements in flight. */
  inFlight: Sending[] = [];
  readonly #execute: (sending: Sending) => Outcome;

  constructor(lane: LaneName, canBatch: boolean, execute: (sending: Sending) => Outcome) {
    this.lane = lane;
    this.canBatch = canBatch;
    this.#execute = execute;
  }

  async send<V, Result>(statement: Statement<V, Result>, values: V): Promise<Result> {
    const { query, form } = statement as unknown as FakeStatement;
    const items = (form === 'batch' ? values : [values]) as unknown as readonly Values[];
    const sending = { lane: this.lane, connection: this, query, form, items };
    const { ms, error, closes = false, isLocked = () => false } = this.#execute(sending);
    this.inFlight.push(sending);
    await after(ms);
    this.inFlight = this.inFlight.filter((other) => other !== sending);
    if (closes) this.isUsable = false;
    if (error !== undefined) throw error;
    const rows = items.map((item): Row[] => (isLocked(item) ? [] : [{ serial: item.serial }]));
    return (form === 'batch' ? rows : rows[0]) as Result;
  }

  check(): void {}

  async close(): Promise<void> {
    this.isUsable = false;
  }
}

/** Fake timers of one moment fire together. Real ones, like immediates, let promises settle in between. */
const after = (ms: number) => new Promise<void>((resolve) => setTimeout(() => setImmediate(resolve), ms));

/** An error as the driver builds it from a response of the server. */
export const serverError = (code: string): Error =>
  Object.assign(new Error(`SQLSTATE ${code}`), { code, severity: 'ERROR' });
