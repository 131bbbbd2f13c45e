import type { DatabaseFault } from './resilience/errors.ts';
import type { LaneName } from './sql/statement.ts';

/** Counts what happens on the data path. Must be quick, and must not throw. */
export interface DatabaseMetrics {
  /** @param ms from queueing to sending */
  waited(lane: LaneName, ms: number): void;
  /** @param items how many queries it executed */
  executed(statement: string, items: number, ms: number, fault: DatabaseFault | undefined): void;
  connectionOpened(lane: LaneName): void;
  connectionFailed(lane: LaneName): void;
  retried(fault: DatabaseFault): void;
  unavailable(reason: UnavailableReason): void;
}

/** Why a request got no response from the database. */
export const UNAVAILABLE_REASONS = [
  'breaker-open',
  'unreachable',
  'rolled-back',
  'too-slow',
  'lost',
  'full',
  'misconfigured',
] as const satisfies readonly (DatabaseFault | 'breaker-open')[];

type UnavailableReason = (typeof UNAVAILABLE_REASONS)[number];

/** Records statements in the traces of requests. */
interface StatementTraces {
  /** The request of the running code. */
  request(): unknown;
  /** @param requests those that share the statement. Times are of `performance.now()` */
  executed(
    requests: readonly unknown[],
    statement: { readonly statement: string; readonly sentAt: number; readonly endedAt: number },
    fault: DatabaseFault | undefined,
  ): void;
}

export interface Observers {
  readonly metrics?: DatabaseMetrics | undefined;
  readonly traces?: StatementTraces | undefined;
}
