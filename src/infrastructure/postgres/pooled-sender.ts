import type { Knex } from 'knex';
import { type Observers, tellAnswered } from './observers.ts';
import { dispose } from './postgres-dialect.ts';
import type { Sender } from './sender.ts';
import { answersOf, CrossedAnswer, type Statement } from './statement.ts';

export interface PooledSenderOptions {
  /** Whether servers are to keep statements. Behind a pooler, which has another server for each statement, none does. */
  readonly named: boolean;
  readonly observers?: Observers;
}

/** One statement at a time on each connection of the pool. */
export class PooledSender implements Sender {
  readonly #knex: Knex;
  readonly #named: boolean;
  readonly #observers: Observers;

  constructor(knex: Knex, { named, observers = {} }: PooledSenderOptions) {
    this.#knex = knex;
    this.#named = named;
    this.#observers = observers;
  }

  async send<Values, Row>(statement: Statement<Values, Row>, values: Values): Promise<Row[]> {
    const { client } = this.#knex;
    const connection = await client.acquireConnection();
    const began = performance.now();
    try {
      const options = this.#named && connection.isDirect ? { name: statement.name } : {};
      const query = { sql: statement.text, bindings: statement.valuesOf(values), options };
      const { response } = await client.query(connection, query);
      const rows = answersOf(statement, values, response.rows);
      tellAnswered(this.#observers, statement.purpose, began);
      return rows;
    } catch (error) {
      tellAnswered(this.#observers, statement.purpose, began, { error });
      if (error instanceof CrossedAnswer) dispose(connection, error);
      throw error;
    } finally {
      await client.releaseConnection(connection);
    }
  }
}
