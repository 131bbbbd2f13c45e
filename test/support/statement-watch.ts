import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance } from 'fastify';
import type { Owned, Scheduler } from '../../src/infrastructure/postgres/scheduling/scheduler.ts';
import type { Query } from '../../src/infrastructure/postgres/sql/statement.ts';
import { shardFaults } from './one-shard.ts';

const TABLE = /\b(tasks|task_lists)\b/;

/** Records each query of a request that could reach rows of another user. */
export class StatementWatch {
  /** What is wrong, with the text of the statement. */
  readonly faults: string[] = [];
  /** Queries on tasks. */
  queries = 0;
  readonly #users = new AsyncLocalStorage<string>();

  constructor(scheduler: Pick<Scheduler, 'run'>) {
    const run = scheduler.run.bind(scheduler);
    scheduler.run = (query, values, options) => {
      this.#check(query, values);
      return run(query, values, options);
    };
  }

  /** Must be called before the server is ready. */
  follow(http: FastifyInstance): FastifyInstance {
    http.addHook('onRequest', ({ params }, _reply, done) => {
      this.#users.run((params as { user_id?: string }).user_id ?? '', done);
    });
    return http;
  }

  #check<Values extends Owned, Row>({ statement, waiting = statement }: Query<Values, Row>, values: Values): void {
    if (!TABLE.test(statement.text)) return;
    this.queries++;
    const user = this.#users.getStore();
    for (const { text, parametersOf } of new Set([statement, waiting])) {
      const parameters = parametersOf(values);
      if (!user || values.owner !== user || !parameters.includes(user)) {
        this.faults.push(`does not have the user of its request: ${text}`);
      }
      this.faults.push(...shardFaults(text, parameters, user).map((fault) => `${fault}: ${text}`));
    }
  }
}
