import { type DatabaseFault, faultOf } from './database-errors.ts';

/** Told of what happens on the way to the database. All of it must be quick, and nothing may throw. */
export interface DatabaseMetrics {
  /** @param statement its purpose. @param fault only if it failed */
  answered(statement: string, ms: number, fault: DatabaseFault | undefined): void;
  /** @param members how many were asked for together */
  batchSent(batch: string, members: number): void;
  connectionOpened(way: Way): void;
  connectionFailed(way: Way): void;
  repeated(fault: DatabaseFault): void;
  /** A request gets no answer of the database. */
  unavailable(reason: Reason): void;
}

/** Why a request gets no answer of the database: it was not sent at all, or given up after the last fault. */
export const REASONS = [
  'too-many-waiting',
  'breaker-open',
  'unreachable',
  'rolled-back',
  'too-slow',
  'lost',
  'full',
  'misconfigured',
] as const satisfies readonly (DatabaseFault | 'too-many-waiting' | 'breaker-open')[];

type Reason = (typeof REASONS)[number];

type Way = 'pipeline' | 'pool';

/** Told of statements by whoever follows single requests. */
interface StatementTraces {
  /** Called where the request that asked is still known. Times are of `performance.now()`. */
  answered(statement: string, began: number, ended: number, fault: DatabaseFault | undefined): void;
  /** Whoever asks at this moment. */
  asker(): unknown;
  /** Sends on behalf of all who have asked. */
  onBehalfOf<T>(askers: readonly unknown[], send: () => T): T;
}

/** Who is there to be told. */
export interface Observers {
  readonly metrics?: DatabaseMetrics | undefined;
  readonly traces?: StatementTraces | undefined;
}

/** @param began by `performance.now()`. @param failure what was thrown */
export function tellAnswered(
  { metrics, traces }: Observers,
  statement: string,
  began: number,
  failure?: { readonly error: unknown },
): void {
  if (metrics === undefined && traces === undefined) return;
  const ended = performance.now();
  const fault = failure && faultOf(failure.error);
  metrics?.answered(statement, ended - began, fault);
  traces?.answered(statement, began, ended, fault);
}
