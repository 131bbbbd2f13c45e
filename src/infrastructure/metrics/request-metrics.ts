import type { Cell, Distribution } from './distribution.ts';
import type { Prometheus } from './prometheus.ts';

export const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Any other method is refused, and would only make for more series. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** All of them, so that the first of each is seen as an increase. */
const SHED_REASONS = ['user-limit', 'service-limit', 'deadline', 'response-bytes'];

interface RequestLoad {
  readonly waiting: number;
  readonly unsentBytes: number;
}

/** What the requests were and how long they took. There are as many series as there are routes, whatever is sent. */
export class RequestMetrics {
  readonly #prometheus: Prometheus;
  readonly #durations: Distribution;
  readonly #refused: { inc(labels: { status: string }): void };
  readonly #shed: { inc(labels: { reason: string }, by?: number): void };
  /** By route, then method, then status: strings that are there already, so that nothing is put together to look it up. */
  readonly #cells = new Map<string, Map<string, Map<number, Cell>>>();

  constructor(prometheus: Prometheus) {
    this.#prometheus = prometheus;
    this.#durations = prometheus.distribution(
      {
        name: 'task_service_http_request_duration_seconds',
        help: 'From the head of a request to the end of its answer',
        labels: ['route', 'method', 'status'],
      },
      SECONDS,
    );
    this.#refused = prometheus.counter({
      name: 'task_service_http_refused_total',
      help: 'What was refused before it was a request',
      labels: ['status'],
    });
    this.#shed = prometheus.counter({
      name: 'task_service_http_shed_total',
      help: 'Requests rejected because of a limit on requests',
      labels: ['reason'],
    });
    for (const reason of SHED_REASONS) this.#shed.inc({ reason }, 0);
  }

  get contentType(): string {
    return this.#prometheus.contentType;
  }

  scrape(): Promise<string> {
    return this.#prometheus.scrape();
  }

  /** @param route as it was registered, `undefined` where there is none */
  completed(route: string | undefined, method: string, status: number, ms: number): void {
    const known = this.#cells
      .get(route ?? 'none')
      ?.get(method)
      ?.get(status);
    (known ?? this.#begin(route ?? 'none', method, status)).add(ms / 1_000);
  }

  refused(status: number): void {
    this.#refused.inc({ status: String(status) });
  }

  shed(reason: string): void {
    this.#shed.inc({ reason });
  }

  /** @param load read when metrics are scraped */
  watch(load: () => RequestLoad): void {
    const gauge = (name: string, help: string, read: (now: RequestLoad) => number) =>
      this.#prometheus.gauge({ name: `task_service_http_${name}`, help }, () => [[[], read(load())]]);
    gauge('requests_waiting', 'Admitted requests without a response', ({ waiting }) => waiting);
    gauge('response_unsent_bytes', 'Response bodies that wait to be sent', ({ unsentBytes }) => unsentBytes);
  }

  #begin(route: string, method: string, status: number): Cell {
    const cell = this.#durations.cell(route, METHODS.has(method) ? method : 'other', String(status));
    const ofRoute = this.#cells.get(route) ?? new Map<string, Map<number, Cell>>();
    const ofMethod = ofRoute.get(method) ?? new Map<number, Cell>();
    this.#cells.set(route, ofRoute.set(method, ofMethod.set(status, cell)));
    return cell;
  }
}
