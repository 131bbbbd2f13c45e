import type { Knex } from 'knex';
import { expect, it } from 'vitest';
import { PooledSender } from '../../src/infrastructure/postgres/pooled-sender.ts';
import { pipelinesOf } from '../../src/infrastructure/postgres/senders.ts';
import { CrossedAnswer, compileSql } from '../../src/infrastructure/postgres/statement.ts';

const ECHO = compileSql<{ n: number }, { n: number }>('test', (row, { n }) => row.n === n, 'select :n::int as n');

/** A pool of one connection, which answers the same row to everything. */
class PoolOfOne {
  readonly names: unknown[] = [];
  readonly connection: { isDirect: boolean; __knex__disposed?: unknown; connection: unknown };
  isDestroyed = false;
  lent = 0;
  readonly #row: unknown;

  constructor(row: unknown, { isDirect = true } = {}) {
    this.#row = row;
    const destroy = () => {
      this.isDestroyed = true;
    };
    this.connection = { isDirect, connection: { stream: { destroy } } };
  }

  get knex(): Knex {
    const client = {
      acquireConnection: async () => {
        this.lent++;
        return this.connection;
      },
      query: async (_connection: unknown, { options }: { options: { name?: string } }) => {
        this.names.push(options.name);
        return { response: { rows: [this.#row] } };
      },
      releaseConnection: async () => {
        this.lent--;
      },
    };
    return { client } as unknown as Knex;
  }
}

it('names a statement where the server can keep it', async () => {
  for (const [named, isDirect, name] of [
    [true, true, ECHO.name],
    [true, false, undefined],
    [false, true, undefined],
  ] as const) {
    const pool = new PoolOfOne({ n: 1 }, { isDirect });
    expect(await new PooledSender(pool.knex, { named }).send(ECHO, { n: 1 })).toEqual([{ n: 1 }]);
    expect([pool.names, pool.lent]).toEqual([[name], 0]);
  }
});

it('gives a connection up that answers what was not asked for', async () => {
  const pool = new PoolOfOne({ n: 2 });
  await expect(new PooledSender(pool.knex, { named: true }).send(ECHO, { n: 1 })).rejects.toThrow(CrossedAnswer);
  expect(pool.isDestroyed).toBe(true);
  expect(pool.connection.__knex__disposed).toBeInstanceOf(CrossedAnswer);
  expect(pool.lent).toBe(0);
});

it.each([
  [1, 0],
  [2, 0],
  [3, 2],
  [5, 3],
  [4, 2],
  [10, 3],
  [1_000, 3],
])('of %i connections, %i are pipelines, and some are left to the pool', (maxConnections, pipelines) => {
  expect(pipelinesOf(maxConnections)).toBe(pipelines);
});
