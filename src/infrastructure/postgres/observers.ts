import { type DatabaseFault, faultOf } from './resilience/errors.ts';
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
  /** Call it in the context of the request. Times are of `performance.now()`. */
  answered(statement: string, began: number, ended: number, fault: DatabaseFault | undefined): void;
  /** The request of the present context. */
  asker(): unknown;
  /** Runs `send` in the context of several requests. */
  onBehalfOf<T>(askers: readonly unknown[], send: () => T): T;
}

export interface Observers {
  readonly metrics?: DatabaseMetrics | undefined;
  readonly traces?: StatementTraces | undefined;
}

/** @param sentAt of `performance.now()` @param failure what was thrown */
export function reportStatement(
  { metrics, traces }: Observers,
  { label, items, sentAt }: { readonly label: string; readonly items: number; readonly sentAt: number },
  failure?: { readonly error: unknown },
): void {
  if (metrics === undefined && traces === undefined) return;
  const now = performance.now();
  const fault = failure && faultOf(failure.error);
  metrics?.executed(label, items, now - sentAt, fault);
  traces?.answered(label, sentAt, now, fault);
}
