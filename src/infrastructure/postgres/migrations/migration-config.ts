import type { Knex } from 'knex';
import { connectionSettings } from '../connection/connection-settings.ts';
import { PostgresDialect } from '../connection/postgres-dialect.ts';
import { migrationDirectory } from './source.ts';

/**
 * Of the session, whatever the defaults of the user are. To build an index may take long, but whoever waits for a lock
 * makes all who come later wait; and the statement of a migrator that was killed must not live on.
 */
const SESSION = [
  'statement_timeout=0',
  'idle_in_transaction_session_timeout=0',
  'lock_timeout=5s',
  'client_connection_check_interval=2s',
];

const silent = () => {};

export class PoolerInTheWay extends Error {
  override readonly name = 'PoolerInTheWay';

  constructor() {
    super(
      'This is the address of a transaction pooler, through which migrations do not work. Set DATABASE_DIRECT_URL to the ' +
        "database's own address; on Neon, that is the host name without -pooler.",
    );
  }
}

/**
 * For whatever migrates: the service's own command and that of Knex.
 * @param url a direct connection: what migrations rely on does not work through a transaction pooler
 * @throws {PoolerInTheWay} when the name of the host says that it is one
 */
export function migrationConfig(url: string): Knex.Config {
  if (new URL(url).hostname.split('.')[0]?.endsWith('-pooler')) throw new PoolerInTheWay();
  const options = SESSION.map((setting) => `-c ${setting}`).join(' ');
  return {
    client: PostgresDialect,
    connection: { ...connectionSettings(url, 'task-service migrations'), options } as Knex.PgConnectionConfig,
    pool: { min: 0, max: 2 },
    migrations: { migrationSource: migrationDirectory, schemaName: 'public' },
    // What is worth saying is thrown.
    log: { warn: silent, error: silent, deprecate: silent, debug: silent },
  };
}

/** A pooler takes no settings of a session. */
export const isRefusalOfPooler = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('unsupported startup parameter');
