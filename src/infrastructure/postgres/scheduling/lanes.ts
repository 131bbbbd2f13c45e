import { LaneConnection } from '../connection/lane-connection.ts';
import type { Observers } from '../observers.ts';
import type { LaneName } from '../sql/statement.ts';
import { Scheduler } from './scheduler.ts';

/** One connection for each lane. */
export const MIN_CONNECTIONS = 5;

/** In this order connections beyond the first of each lane are given out. More of them did not make anything faster. */
const FURTHER: readonly LaneName[] = ['read', 'page', 'scan', 'isolated', 'scan'];

/** For locks of the table, which a write meets before it looks at rows. */
const WRITE_LOCK_TIMEOUT_MS = 100;

export interface LanesOptions {
  readonly url: string;
  /** Most connections, at least `MIN_CONNECTIONS`. */
  readonly maxConnections: number;
  /** Whether the server keeps prepared statements. */
  readonly prepared: boolean;
  readonly observers?: Observers;
}

/** A scheduler whose lanes share `maxConnections`. Nothing is opened before it is needed. */
export function openScheduler({ url, maxConnections, prepared, observers = {} }: LanesOptions): Scheduler {
  const scheduler: Scheduler = new Scheduler({
    sizes: sizesOf(maxConnections),
    open: (lane) =>
      LaneConnection.open({
        url,
        prepared,
        lockTimeoutMs: lane === 'write' || lane === 'isolated' ? WRITE_LOCK_TIMEOUT_MS : undefined,
        onSilence: () => scheduler.onSilence(),
      }),
    observers,
  });
  return scheduler;
}

/** How many connections each lane may have. */
export function sizesOf(maxConnections: number): Record<LaneName, number> {
  const sizes = { read: 1, write: 1, isolated: 1, page: 1, scan: 1 };
  for (const lane of FURTHER.slice(0, maxConnections - MIN_CONNECTIONS)) sizes[lane]++;
  return sizes;
}
