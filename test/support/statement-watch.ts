import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance } from 'fastify';
import type { Knex } from 'knex';
import { shardFaults } from './one-shard.ts';

const TABLE = /\b(tasks|task_lists)\b/;

interface Watched {
  readonly sql: string;
  readonly bindings?: readonly unknown[];
}

/** Sees every statement that a request leads to, and notes those that could reach what is not its owner's. */
export class StatementWatch {
  /** What was wrong, with the text of the statement. */
  readonly faults: string[] = [];
  /** How many statements on tasks there were. */
  statements = 0;
  readonly #owners = new AsyncLocalStorage<string>();

  constructor(knex: Knex) {
    knex.on('query', (statement: Watched) => this.#judge(statement));
  }

  /** To be called before the server is ready. */
  follow(http: FastifyInstance): FastifyInstance {
    http.addHook('onRequest', ({ params }, _reply, done) => {
      this.#owners.run((params as { user_id?: string }).user_id ?? '', done);
    });
    return http;
  }

  #judge({ sql, bindings = [] }: Watched): void {
    if (!TABLE.test(sql)) return;
    this.statements += 1;
    const owner = this.#owners.getStore();
    if (!owner || !bindings.includes(owner)) this.faults.push(`does not bind the owner of its request: ${sql}`);
    this.faults.push(...shardFaults(sql, bindings, owner).map((fault) => `${fault}: ${sql}`));
  }
}
