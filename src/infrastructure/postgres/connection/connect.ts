import knex, { type Knex } from 'knex';
import { connectionSettings } from './connection-settings.ts';
import { PostgresDialect } from './postgres-dialect.ts';

export interface ConnectOptions {
  /** Most connections at a time. */
  readonly maxConnections: number;
  /** Told what the pool would otherwise print by itself. */
  readonly warn: (message: string) => void;
}

/**
 * The pool of Knex, for operator commands. It opens connections when they are needed and keeps none for ever.
 */
export function connect(url: string, { maxConnections, warn }: ConnectOptions): Knex {
  return knex({
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
}
