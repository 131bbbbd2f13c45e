import knex, { type Knex } from 'knex';
import { connectionSettings } from './connection-settings.ts';
import type { DatabaseMetrics } from './observers.ts';
import { PostgresDialect } from './postgres-dialect.ts';

export interface ConnectOptions {
  /** Most connections at a time. */
  readonly maxConnections: number;
  /** Told what the pool would otherwise print by itself. */
  readonly warn: (message: string) => void;
  readonly metrics?: DatabaseMetrics | undefined;
}

/**
 * A pool that opens connections when they are needed and keeps none for ever: a serverless database may go to sleep, and a
 * new primary be found under the same name.
 *
 * Each wait ends before the one around it: for a lock and for a statement on the server, for its answer here, for the
 * request as a whole. Those of a pipeline are in `pipelined-connection.ts`, all of them in docs/decisions/0017.
 */
export function connect(url: string, { maxConnections, warn, metrics }: ConnectOptions): Knex {
  const pool = knex({
    client: PostgresDialect,
    // Or Knex would ask the first connection, and leave it open if no answer came. Nothing depends on it.
    version: '15',
    connection: { ...connectionSettings(url, 'task-service'), query_timeout: 6_000 },
    pool: {
      min: 0,
      max: maxConnections,
      idleTimeoutMillis: 30_000,
      maxConnectionLifetimeMillis: 30 * 60_000,
      maxConnectionLifetimeJitterMillis: 5 * 60_000,
    },
    acquireConnectionTimeout: 3_000,
    // The text of an error would repeat what the user wrote.
    compileSqlOnError: false,
    log: { warn, error: warn, deprecate: warn, debug: warn },
  });
  (pool.client as PostgresDialect).metrics = metrics;
  return pool;
}
