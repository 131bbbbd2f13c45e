import { describe, expect, it } from 'vitest';
import { close, compose, TOKENS } from '../src/container.ts';
import { Pipeline } from '../src/infrastructure/postgres/pipeline.ts';
import { PooledSender } from '../src/infrastructure/postgres/pooled-sender.ts';
import type { Sender } from '../src/infrastructure/postgres/sender.ts';
import { freshOwner } from './support/owners.ts';
import { freshId } from './support/tasks.ts';

/** Never connected to. */
const DATABASE_URL = 'postgres://nobody@127.0.0.1:1/nothing';

async function composed<T>(
  switches: NodeJS.ProcessEnv,
  look: (container: ReturnType<typeof compose>) => Promise<T>,
): Promise<T> {
  const environment = { DATABASE_URL, LOG_LEVEL: 'silent', ...switches };
  const container = compose({ environment, report: () => {}, whenInUse: 'refuse' });
  try {
    return await look(container);
  } finally {
    await close(container);
  }
}

/** The statements that two tasks lead to which are asked for in one turn. */
const statementsOfTwo = (switches: NodeJS.ProcessEnv): Promise<string[]> =>
  composed(switches, async (container) => {
    const purposes: string[] = [];
    const noting: Sender['send'] = async ({ name }) => {
      purposes.push(name.replace(/_[0-9a-f]+$/, ''));
      return [];
    };
    Object.assign((await container.getAsync(TOKENS.senders)).reads, { send: noting });
    const tasks = await container.getAsync(TOKENS.tasks);
    await Promise.all([tasks.find(freshOwner(), freshId()), tasks.find(freshOwner(), freshId())]);
    return purposes;
  });

/** Whether a statement is named that goes over the pool, on a connection to the server itself. */
const namesOverThePool = (switches: NodeJS.ProcessEnv): Promise<boolean> =>
  composed(switches, async (container) => {
    const { searches } = await container.getAsync(TOKENS.senders);
    const { client } = await container.getAsync(TOKENS.knex);
    let named = false;
    client.acquireConnection = async () => ({ isDirect: true });
    client.releaseConnection = async () => {};
    client.query = async (_connection: unknown, { options }: { options: object }) => {
      named = 'name' in options;
      return { response: { rows: [] } };
    };
    await searches.send(
      { name: 'test', purpose: 'test', text: 'select', valuesOf: () => [], isAnswer: () => true },
      {},
    );
    return named;
  });

describe('the switches of the database', () => {
  it('share a statement unless DATABASE_COALESCE is off', async () => {
    expect(await statementsOfTwo({})).toEqual(['find_tasks']);
    expect(await statementsOfTwo({ DATABASE_COALESCE: 'off' })).toEqual(['find_task', 'find_task']);
  });

  it('send over pipelines unless DATABASE_PIPELINE is off, or there are too few connections', async () => {
    const waysOf = (switches: NodeJS.ProcessEnv) =>
      composed(switches, async (container) => {
        const { reads, searches, writes } = await container.getAsync(TOKENS.senders);
        return {
          reads: reads.constructor,
          searches: searches.constructor,
          writes: writes.map((way) => way.constructor),
          pool: (await container.getAsync(TOKENS.knex)).client.pool.max,
        };
      });
    const pooled = { reads: PooledSender, searches: PooledSender, writes: [PooledSender] };
    expect(await waysOf({})).toEqual({
      reads: Pipeline,
      searches: PooledSender,
      writes: [Pipeline, Pipeline],
      pool: 7,
    });
    expect(await waysOf({ DATABASE_PIPELINE: 'off' })).toEqual({ ...pooled, pool: 10 });
    expect(await waysOf({ DATABASE_POOL_MAX: '2' })).toEqual({ ...pooled, pool: 2 });
  });

  it('name statements unless DATABASE_PREPARED is off', async () => {
    for (const DATABASE_PIPELINE of ['on', 'off']) {
      expect(await namesOverThePool({ DATABASE_PIPELINE })).toBe(true);
      expect(await namesOverThePool({ DATABASE_PIPELINE, DATABASE_PREPARED: 'off' })).toBe(false);
    }
  });
});
