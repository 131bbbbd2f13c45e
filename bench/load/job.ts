import type { DataSetSize } from '../database/data-set.ts';
import type { WorkloadName } from './workloads.ts';

/** What is to be asked of a program, and how. */
export interface Job {
  readonly port: number;
  readonly workload: WorkloadName;
  /** Closed: so many clients, each of which waits for its answer. Open: so many connections at most. */
  readonly connections: number;
  /** Requests per second, whether or not answers come. Left out: a closed loop. */
  readonly rate?: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly seed: number;
  /** Every so many answers are read whole and compared. */
  readonly sampleEvery: number;
  readonly cursors: 'service' | 'peer';
  readonly processes: { readonly program: number; readonly postmaster: number | undefined };
}

/** Over the time that was measured, without the warm-up. */
export interface Measured {
  readonly requests: number;
  readonly perSecond: number;
  readonly errors: number;
  /** The first few. */
  readonly problems: readonly string[];
  /** Microseconds. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly p999: number };
  /** Microseconds of processor time for each request. */
  readonly cpu: {
    readonly program: number | undefined;
    readonly postgres: number | undefined;
    readonly generator: number | undefined;
  };
  readonly generator: {
    /** Of one processor, from 0 to 1. Near 1, it is the generator that was measured. */
    readonly busy: number;
    /** Open loop: how late it was by itself in sending, in microseconds; this is no part of the latency. */
    readonly lateP99?: number;
  };
}

/** To the generator. `reset` says that the database is as it was loaded. */
export type Order = { readonly kind: 'reset'; readonly size: DataSetSize } | ({ readonly kind: 'run' } & Job);

export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'measured'; readonly measured: Measured }
  | { readonly kind: 'failed'; readonly message: string };
