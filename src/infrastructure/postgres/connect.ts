import knex, { type Knex } from 'knex';

export interface ConnectOptions {
  /** Most connections at a time. */
  readonly maxConnections: number;
  /** Told what the pool would otherwise print by itself. */
  readonly warn: (message: string) => void;
}

/** A pool that opens connections when they are needed and keeps none for ever: a serverless database may go to sleep. */
export function connect(url: string, { maxConnections, warn }: ConnectOptions): Knex {
  return knex({
    client: 'pg',
    connection: {
      connectionString: url,
      application_name: 'task-service',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    },
    pool: { min: 0, max: maxConnections, idleTimeoutMillis: 30_000 },
    acquireConnectionTimeout: 3_000,
    // The text of an error would repeat what the user wrote.
    compileSqlOnError: false,
    log: { warn, error: warn, deprecate: warn, debug: warn },
  });
}
