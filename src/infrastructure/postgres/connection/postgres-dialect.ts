import { setTimeout as sleep } from 'node:timers/promises';
import KnexPostgresDialect from 'knex/lib/dialects/postgres/index.js';
import type pg from 'pg';
import { ConnectionFailed, isSpent, wordsOf } from '../resilience/errors.ts';

/** How long a connection may take to close. A frozen one never would. */
const CLOSE_TIMEOUT_MS = 1_000;

/** A connection as Knex marks it: its pool destroys disposed ones instead of lending them again. */
interface Connection extends pg.Client {
  __knex__disposed?: unknown;
}

interface Executed {
  readonly response?: { readonly command?: string };
}

/**
 * Knex's dialect with three fixes. A connection on which a query timed out is not lent again while its query still runs. A
 * transaction that the server rolled back does not count as committed. Connection errors can be told from statement errors.
 */
export class PostgresDialect extends KnexPostgresDialect {
  override async acquireRawConnection(): Promise<Connection> {
    try {
      return await super.acquireRawConnection();
    } catch (error) {
      throw new ConnectionFailed(wordsOf(error), { cause: error });
    }
  }

  override async _query<Q extends { readonly sql: string }>(connection: Connection, query: Q) {
    try {
      const executed = await super._query(connection, query);
      if (/^commit;?$/i.test(query.sql)) assertCommitted(executed as Executed);
      return executed;
    } catch (error) {
      if (isSpent(error)) {
        connection.__knex__disposed = error;
        connection.connection.stream.destroy();
      }
      throw error;
    }
  }

  override async destroyRawConnection(connection: Connection): Promise<void> {
    const closed = new AbortController();
    const timeout = sleep(CLOSE_TIMEOUT_MS, undefined, { signal: closed.signal }).catch(() => {});
    await Promise.race([super.destroyRawConnection(connection), timeout]);
    closed.abort();
    connection.connection.stream.destroy();
  }
}

/** The server answers the commit of a failed transaction with the word ROLLBACK, and no error. */
function assertCommitted({ response }: Executed): void {
  if (response?.command === 'COMMIT') return;
  throw Object.assign(new Error('The transaction was rolled back instead of committed'), {
    code: '25P02',
    severity: 'ERROR',
  });
}
