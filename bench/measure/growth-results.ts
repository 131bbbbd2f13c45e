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

/** Memory of the service in one round, after its start and after the last request. */
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
    /** Size on disk after the last round. */
    readonly mebibytes: Readonly<Record<Side, number>>;
    /** Number of tasks of the user with the deep list, and number of the deepest page. */
    readonly bigUser: number;
    readonly page: number;
    readonly processor: number | undefined;
    /** Whether PostgreSQL used huge pages. */
    readonly hugePages?: boolean;
  };
  readonly skipped: readonly string[];
  readonly memory: readonly Memory[];
  readonly cells: readonly GrowthCell[];
}
