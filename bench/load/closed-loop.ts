import type { Connection } from './connection.ts';
import { Run } from './run.ts';

/** Each connection sends its next request as soon as it has received a response. */
export class ClosedLoop extends Run {
  protected override begin(): void {
    for (const connection of this.connections) this.send(connection);
  }

  protected override free(connection: Connection): void {
    if (!this.isOver) this.send(connection);
  }
}
