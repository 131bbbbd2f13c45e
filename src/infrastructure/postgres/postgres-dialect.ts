import { setTimeout as sleep } from 'node:timers/promises';
import KnexPostgresDialect from 'knex/lib/dialects/postgres/index.js';
import type pg from 'pg';
import { ConnectionFailed, isSpent, wordsOf } from './database-errors.ts';
import { isDirect } from './is-direct.ts';
import type { DatabaseMetrics } from './observers.ts';

/** How long a connection may take to say goodbye. One that is frozen never would. */
const FAREWELL_MS = 1_000;

/** A connection as Knex marks it: its pool destroys what is disposed instead of lending it again. */
interface Connection extends pg.Client {
  __knex__disposed?: unknown;
  readonly isDirect: boolean;
  readonly openedAt: number;
}

interface Answered {
  readonly response?: { readonly command?: string };
}

/**
 * Knex's dialect, but for three habits of it and of its driver: a connection on which a query timed out is lent again while
 * its query still runs; a transaction that was rolled back by the server counts as committed; and errors of connecting
 * cannot be told from errors of a statement.
 */
export class PostgresDialect extends KnexPostgresDialect {
  /** Older connections are not lent any more. */
  distrustedAt = Number.NEGATIVE_INFINITY;
  metrics: DatabaseMetrics | undefined;

  /** To be called when a connection was found dead: those of the pool may be as well, and would take as long to tell. */
  distrust(): void {
    this.distrustedAt = performance.now();
  }

  override async validateConnection({ openedAt }: Connection): Promise<boolean> {
    return openedAt > this.distrustedAt;
  }

  override async acquireRawConnection(): Promise<Connection> {
    try {
      const connection = await super.acquireRawConnection();
      const direct = await isDirect(connection).catch((error: unknown) => {
        // The pool has not heard of it yet.
        connection.connection.stream.destroy();
        throw error;
      });
      this.metrics?.connectionOpened('pool');
      return Object.assign(connection, { isDirect: direct, openedAt: performance.now() });
    } catch (error) {
      this.metrics?.connectionFailed('pool');
      throw new ConnectionFailed(wordsOf(error), { cause: error });
    }
  }

  override async _query<Q extends { readonly sql: string }>(connection: Connection, query: Q) {
    try {
      const answered = await super._query(connection, query);
      if (/^commit;?$/i.test(query.sql)) assertCommitted(answered as Answered);
      return answered;
    } catch (error) {
      if (isSpent(error)) dispose(connection, error);
      throw error;
    }
  }

  override async destroyRawConnection(connection: Connection): Promise<void> {
    const farewell = new AbortController();
    const patience = sleep(FAREWELL_MS, undefined, { signal: farewell.signal }).catch(() => {});
    await Promise.race([super.destroyRawConnection(connection), patience]);
    farewell.abort();
    connection.connection.stream.destroy();
  }
}

/** The server answers a commit of a failed transaction with the word ROLLBACK, and no error. */
function assertCommitted({ response }: Answered): void {
  if (response?.command === 'COMMIT') return;
  throw Object.assign(new Error('The transaction was rolled back instead of committed'), {
    code: '25P02',
    severity: 'ERROR',
  });
}

/** The pool destroys it instead of lending it again. */
export function dispose(connection: Connection, error: unknown): void {
  connection.__knex__disposed = error;
  connection.connection.stream.destroy();
}
