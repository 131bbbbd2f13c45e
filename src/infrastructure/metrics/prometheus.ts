import { Counter, collectDefaultMetrics, Gauge, type Metric, Registry } from 'prom-client';
import { type Cell, Distribution } from './distribution.ts';

export interface Told<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
}

/** What is read when somebody looks: for each combination of labels, in their order, a value. */
type Reading = Iterable<readonly [labels: readonly string[], value: number]>;

const LAG_RESOLUTION_MS = 20;

/** The one place that knows the client library: what is counted here is told in the text format of Prometheus. */
export class Prometheus {
  readonly #registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: LAG_RESOLUTION_MS });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  scrape(): Promise<string> {
    return this.#registry.metrics();
  }

  /** For what is rare: each increment looks its labels up. */
  counter<Label extends string>({ name, help, labels = [] }: Told<Label>): Counter<Label> {
    return new Counter({ name, help, labelNames: labels, registers: [this.#registry] });
  }

  /** @param read called when somebody looks, and only then */
  gauge<Label extends string>({ name, help, labels = [] }: Told<Label>, read: () => Reading): void {
    const gauge: Gauge<Label> = new Gauge({
      name,
      help,
      labelNames: labels,
      registers: [this.#registry],
      collect: () => {
        gauge.reset();
        for (const [values, value] of read()) gauge.labels(...values).set(value);
      },
    });
  }

  /** A histogram for what every request does: the library's own looks up all labels for each value. */
  distribution<Label extends string>(
    { name, help, labels = [] }: Told<Label>,
    bounds: readonly number[],
  ): Distribution {
    const distribution = new Distribution(bounds);
    const get = async () => ({
      name,
      help,
      type: 'histogram',
      aggregator: 'sum',
      values: Array.from(distribution.cells).flatMap((cell) => samplesOf(cell, name, labels, bounds)),
    });
    this.#registry.registerMetric({ name, get } as unknown as Metric);
    return distribution;
  }
}

function samplesOf(cell: Cell, name: string, labelNames: readonly string[], bounds: readonly number[]) {
  const labels = Object.fromEntries(labelNames.map((label, n) => [label, cell.labels[n]]));
  const { cumulated, sum } = cell;
  const buckets = cumulated.map((value, n) => ({
    metricName: `${name}_bucket`,
    labels: { ...labels, le: bounds[n] ?? '+Inf' },
    value,
  }));
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: cumulated.at(-1) },
  ];
}
