import type { Measured } from '../load/job.ts';
import type { Compared } from '../targets/compared.ts';
import type { Machine } from './machine.ts';
import type { Kind, Pace } from './plan.ts';

import type { Storage } from './storage.ts';

/** One measurement of one program in one round. */
export interface Cell {
  readonly round: number;
  readonly target: string;
  readonly workload: Compared;
  readonly connections: number;
  /** Of an open loop. */
  readonly pace?: Pace;
  readonly rate?: number;
  readonly measured: Measured;
  readonly residentMebibytes?: number | undefined;
  readonly databaseConnections?: number | undefined;
}

export interface Results {
  readonly kind: Kind;
  readonly date: string;
  /** Ends with `+` if there were uncommitted changes. */
  readonly commit: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: {
    readonly rounds: number;
    readonly warmUpSeconds: number;
    readonly seconds: number;
    readonly users: number;
    readonly tasks: number;
    readonly bigUser: number;
    /** Maximum database connections per program. */
    readonly pools: Readonly<Record<string, number>>;
    readonly processor: number | undefined;
    /** Whether PostgreSQL used huge pages. */
    readonly hugePages?: boolean;
  };
  /** What was not measured, and why. */
  readonly skipped: readonly string[];
  /** Not in a quick run. */
  readonly storage?: Storage | undefined;
  readonly cells: readonly Cell[];
}
