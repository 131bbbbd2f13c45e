import type { Side } from '../database/growth-databases.ts';
import type { Measured } from '../load/job.ts';
import type { Growing } from './growth-plan.ts';
import type { Machine } from './machine.ts';

export interface GrowthCell {
  readonly round: number;
  readonly side: Side;
  readonly workload: Growing;
  readonly connections: number;
  readonly measured: Measured;
}

/** Of the service, in one round: when it has started, and when all has been asked of it. */
export interface Memory {
  readonly round: number;
  readonly side: Side;
  readonly beforeMebibytes: number | undefined;
  readonly afterMebibytes: number | undefined;
}

export interface GrowthResults {
  readonly kind: 'growth';
  readonly date: string;
  readonly commit: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: {
    readonly rounds: number;
    readonly warmUpSeconds: number;
    readonly seconds: number;
    readonly tasks: Readonly<Record<Side, number>>;
    /** Of the databases on disk, after the last round. */
    readonly mebibytes: Readonly<Record<Side, number>>;
    /** How many tasks the one owner has whose pages are asked for, and the number of the deepest. */
    readonly bigOwner: number;
    readonly page: number;
    readonly processor: number | undefined;
    /** Whether the shared buffers of PostgreSQL were in huge pages. Earlier results do not say. */
    readonly hugePages?: boolean;
  };
  readonly skipped: readonly string[];
  readonly memory: readonly Memory[];
  readonly cells: readonly GrowthCell[];
}
