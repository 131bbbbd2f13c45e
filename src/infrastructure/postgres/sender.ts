import type { Statement } from './statement.ts';

/** A way to the database. */
export interface Sender {
  /** @throws what the driver, the pool or the server says */
  send<Values, Row>(statement: Statement<Values, Row>, values: Values): Promise<Row[]>;
}
