import type { DataSetSize } from '../database/data-set.ts';
import type { WorkloadName } from './workloads.ts';

/** One measurement of one program. */
export interface Job {
  readonly port: number;
  readonly workload: WorkloadName;
  /** Closed loop: number of clients. Open loop: maximum number of connections. */
  readonly connections: number;
  /** Requests per second of an open loop. If omitted, a closed loop. */
  readonly rate?: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly seed: number;
  /** One in this many responses is parsed and compared completely. */
  readonly sampleEvery: number;
  /** Name of the program. Cursors are kept per program. */
  readonly target: string;
  readonly processes: { readonly program: number; readonly postmaster: number | undefined };
}

/** Results without the warm-up. */
export interface Measured {
  readonly requests: number;
  readonly perSecond: number;
  readonly errors: number;
  /** The first few. */
  readonly problems: readonly string[];
  /** Microseconds. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly p999: number };
  /** CPU time per request in microseconds. */
  readonly cpu: {
    readonly program: number | undefined;
    readonly postgres: number | undefined;
    readonly generator: number | undefined;
  };
  readonly generator: {
    /** CPU use, 0 to 1. Near 1, the generator limits the result. */
    readonly busy: number;
    /** Open loop: delay caused by the generator itself, in microseconds. Not part of the latency. */
    readonly lateP99?: number;
  };
}

/** Message to the generator. `reset`: the database has been restored. */
export type Order = { readonly kind: 'reset'; readonly size: DataSetSize } | ({ readonly kind: 'run' } & Job);

export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'measured'; readonly measured: Measured }
  | { readonly kind: 'failed'; readonly message: string };
