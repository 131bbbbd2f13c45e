import type { Measured } from '../load/job.ts';
import type { Compared } from '../targets/compared.ts';
import type { Machine } from './machine.ts';
import type { Pace } from './plan.ts';
import type { Kind } from './standards.ts';
import type { Storage } from './storage.ts';

/** One measurement: of one program, in one round. */
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
  /** With a `+` at its end, if there were changes that are in no commit. */
  readonly commit: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: {
    readonly rounds: number;
    readonly warmUpSeconds: number;
    readonly seconds: number;
    readonly owners: number;
    readonly tasks: number;
    readonly bigOwner: number;
    /** The connections to the database that each program may have. */
    readonly pools: Readonly<Record<string, number>>;
    readonly processor: number | undefined;
    /** Whether the shared buffers of PostgreSQL were in huge pages. Earlier results do not say. */
    readonly hugePages?: boolean;
  };
  /** What was left out, in words. */
  readonly skipped: readonly string[];
  /** Of a quick run, nothing. */
  readonly storage?: Storage | undefined;
  readonly cells: readonly Cell[];
}
