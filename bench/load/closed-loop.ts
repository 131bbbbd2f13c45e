import type { Connection } from './connection.ts';
import { Run } from './run.ts';

/** As many clients as there are connections; each sends its next request as soon as it has its answer. */
export class ClosedLoop extends Run {
  protected override begin(): void {
    for (const connection of this.connections) this.send(connection);
  }

  protected override free(connection: Connection): void {
    if (!this.isOver) this.send(connection);
  }
}
