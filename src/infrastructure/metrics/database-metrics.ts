import type { Cell, Distribution } from './distribution.ts';
import type { Prometheus } from './prometheus.ts';
import { SECONDS } from './request-metrics.ts';

const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64];

/** How the database is used at this moment. */
export interface Load {
  readonly isBreakerOpen: boolean;
  readonly lanes: readonly LaneLoad[];
}

interface LaneLoad {
  readonly lane: string;
  readonly queued: number;
  readonly inFlight: number;
  readonly connections: number;
}

type Increment<Label extends string> = { inc(labels: Record<Label, string>, by?: number): void };

/** Counts what the database adapter does. */
export class DatabaseMetrics {
  readonly #prometheus: Prometheus;
  readonly #durations: (statement: string) => Cell;
  readonly #sizes: (statement: string) => Cell;
  readonly #waits: (lane: string) => Cell;
  readonly #errors: Increment<'statement' | 'fault'>;
  readonly #opened: Increment<'lane'>;
  readonly #failed: Increment<'lane'>;
  readonly #retries: Increment<'fault'>;
  readonly #unavailable: Increment<'reason'>;

  /** @param reasons all that there are, so that the first of each counts as an increase */
  constructor(prometheus: Prometheus, reasons: readonly string[]) {
    this.#prometheus = prometheus;
    const histogram = (name: string, help: string, label: string, bounds: readonly number[]) =>
      cellsOf(prometheus.distribution({ name: `task_service_database_${name}`, help, labels: [label] }, bounds));
    const counter = <Label extends string>(name: string, help: string, ...labels: readonly Label[]) =>
      prometheus.counter({ name: `task_service_database_${name}_total`, help, labels });
    this.#durations = histogram(
      'statement_duration_seconds',
      'From sending a statement to its result or failure',
      'statement',
      SECONDS,
    );
    this.#sizes = histogram('batch_size', 'Queries that shared a statement', 'statement', BATCH_SIZES);
    this.#waits = histogram('queue_wait_seconds', 'How long a query waited in the queue of its lane', 'lane', SECONDS);
    this.#errors = counter('statement_errors', 'Statements that failed, by kind of error', 'statement', 'fault');
    this.#opened = counter('connections_opened', 'Connections that were opened', 'lane');
    this.#failed = counter('connection_failures', 'Connections that could not be opened', 'lane');
    this.#retries = counter('retries', 'Attempts after a failed one', 'fault');
    this.#unavailable = counter('unavailable', 'Requests that failed because of the database, by reason', 'reason');
    for (const reason of reasons) this.#unavailable.inc({ reason }, 0);
  }

  waited(lane: string, ms: number): void {
    this.#waits(lane).add(ms / 1_000);
  }

  executed(statement: string, items: number, ms: number, fault: string | undefined): void {
    this.#durations(statement).add(ms / 1_000);
    this.#sizes(statement).add(items);
    if (fault !== undefined) this.#errors.inc({ statement, fault });
  }

  connectionOpened(lane: string): void {
    this.#opened.inc({ lane });
  }

  connectionFailed(lane: string): void {
    this.#failed.inc({ lane });
  }

  retried(fault: string): void {
    this.#retries.inc({ fault });
  }

  unavailable(reason: string): void {
    this.#unavailable.inc({ reason });
  }

  /** @param load read on each scrape */
  watch(load: () => Load): void {
    const gauge = (name: string, help: string, read: (lane: LaneLoad) => number) =>
      this.#prometheus.gauge({ name: `task_service_database_${name}`, help, labels: ['lane'] }, () =>
        load().lanes.map((lane) => [[lane.lane], read(lane)] as const),
      );
    gauge('queries_queued', 'Queries that wait for a connection', ({ queued }) => queued);
    gauge('queries_in_flight', 'Queries that were sent and have no result yet', ({ inFlight }) => inFlight);
    gauge('connections', 'Open connections', ({ connections }) => connections);
    this.#prometheus.gauge(
      {
        name: 'task_service_database_breaker_open',
        help: '1 while the circuit breaker is open: the database is unreachable, and requests fail at once',
      },
      () => [[[], Number(load().isBreakerOpen)]],
    );
  }
}

/** Looks cells up by one label. */
function cellsOf(distribution: Distribution): (label: string) => Cell {
  const cells = new Map<string, Cell>();
  return (label) => {
    const cell = cells.get(label) ?? distribution.cell(label);
    cells.set(label, cell);
    return cell;
  };
}
