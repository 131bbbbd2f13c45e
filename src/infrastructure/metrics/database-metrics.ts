import type { Cell, Distribution } from './distribution.ts';
import type { Prometheus } from './prometheus.ts';
import { SECONDS } from './request-metrics.ts';

const MEMBERS = [1, 2, 4, 8, 16, 32, 64];

/** How the database is used at this moment. */
export interface Load {
  /** Requests that wait for the database or use it, and how many may. */
  readonly running: number;
  readonly capacity: number;
  readonly isBreakerOpen: boolean;
  readonly pool: { readonly used: number; readonly idle: number; readonly waiting: number };
  readonly pipelines: readonly { readonly name: string; readonly inFlight: number }[];
}

type Increment<Label extends string> = { inc(labels: Record<Label, string>, by?: number): void };

/** What the adapter of the database tells of its work. */
export class DatabaseMetrics {
  readonly #prometheus: Prometheus;
  readonly #durations: Distribution;
  readonly #sizes: Distribution;
  readonly #durationOf = new Map<string, Cell>();
  readonly #sizeOf = new Map<string, Cell>();
  readonly #errors: Increment<'statement' | 'fault'>;
  readonly #opened: Increment<'way'>;
  readonly #unopened: Increment<'way'>;
  readonly #repetitions: Increment<'fault'>;
  readonly #unavailable: Increment<'reason'>;

  /** @param reasons all that there are, so that the first of each is seen as an increase */
  constructor(prometheus: Prometheus, reasons: readonly string[]) {
    this.#prometheus = prometheus;
    this.#durations = prometheus.distribution(
      {
        name: 'task_service_database_statement_duration_seconds',
        help: 'From the sending of a statement to its answer or its failure',
        labels: ['statement'],
      },
      SECONDS,
    );
    this.#sizes = prometheus.distribution(
      { name: 'task_service_database_batch_size', help: 'How many requests shared a statement', labels: ['batch'] },
      MEMBERS,
    );
    this.#errors = prometheus.counter({
      name: 'task_service_database_statement_errors_total',
      help: 'Statements that failed, by what became of them',
      labels: ['statement', 'fault'],
    });
    this.#opened = prometheus.counter({
      name: 'task_service_database_connections_opened_total',
      help: 'Connections that were opened',
      labels: ['way'],
    });
    this.#unopened = prometheus.counter({
      name: 'task_service_database_connection_failures_total',
      help: 'Connections that could not be opened',
      labels: ['way'],
    });
    this.#repetitions = prometheus.counter({
      name: 'task_service_database_repetitions_total',
      help: 'Attempts after one that failed',
      labels: ['fault'],
    });
    this.#unavailable = prometheus.counter({
      name: 'task_service_database_unavailable_total',
      help: 'Requests that were given up, by the reason',
      labels: ['reason'],
    });
    for (const reason of reasons) this.#unavailable.inc({ reason }, 0);
  }

  answered(statement: string, ms: number, fault: string | undefined): void {
    const known = this.#durationOf.get(statement);
    const cell = known ?? this.#durations.cell(statement);
    if (known === undefined) this.#durationOf.set(statement, cell);
    cell.add(ms / 1_000);
    if (fault !== undefined) this.#errors.inc({ statement, fault });
  }

  batchSent(batch: string, members: number): void {
    const known = this.#sizeOf.get(batch);
    const cell = known ?? this.#sizes.cell(batch);
    if (known === undefined) this.#sizeOf.set(batch, cell);
    cell.add(members);
  }

  connectionOpened(way: string): void {
    this.#opened.inc({ way });
  }

  connectionFailed(way: string): void {
    this.#unopened.inc({ way });
  }

  repeated(fault: string): void {
    this.#repetitions.inc({ fault });
  }

  unavailable(reason: string): void {
    this.#unavailable.inc({ reason });
  }

  /** @param load read when somebody looks, and never by itself */
  watch(load: () => Load): void {
    const gauges = (name: string, help: string, read: (now: Load) => number) =>
      this.#prometheus.gauge({ name: `task_service_database_${name}`, help }, () => [[[], read(load())]]);

    gauges('requests', 'Requests that wait for the database or use it', ({ running }) => running);
    gauges('requests_limit', 'How many requests may, before more are refused', ({ capacity }) => capacity);
    gauges('breaker_open', '1 while the database counts as gone, and requests are refused at once', (now) =>
      Number(now.isBreakerOpen),
    );
    gauges('pool_waiting', 'Statements that wait for a connection of the pool', ({ pool }) => pool.waiting);
    this.#prometheus.gauge(
      { name: 'task_service_database_pool_connections', help: 'Connections of the pool', labels: ['state'] },
      () => {
        const { used, idle } = load().pool;
        return [
          [['used'], used],
          [['idle'], idle],
        ];
      },
    );
    this.#prometheus.gauge(
      {
        name: 'task_service_database_pipeline_in_flight',
        help: 'Statements that were sent over a pipeline and have no answer yet',
        labels: ['pipeline'],
      },
      () => load().pipelines.map(({ name, inFlight }) => [[name], inFlight] as const),
    );
  }
}
