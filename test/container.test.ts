import { describe, expect, it, vi } from 'vitest';
import { close, compose, TOKENS } from '../src/container.ts';
import { LaneConnection } from '../src/infrastructure/postgres/connection/lane-connection.ts';
import { sizesOf } from '../src/infrastructure/postgres/scheduling/lanes.ts';
import { InvalidSettings } from '../src/infrastructure/settings.ts';
import { freshOwner } from './support/owners.ts';
import { freshId } from './support/tasks.ts';

/** Never connected to. */
const DATABASE_URL = 'postgres://nobody@127.0.0.1:1/nothing';

const composed = (settings: NodeJS.ProcessEnv) =>
  compose({ environment: { DATABASE_URL, LOG_LEVEL: 'silent', ...settings }, report: () => {}, whenInUse: 'refuse' });

/** The options of the first connection that a read opens. */
async function connectionOptions(settings: NodeJS.ProcessEnv) {
  const open = vi.spyOn(LaneConnection, 'open').mockRejectedValue(new TypeError('Not in this test'));
  const container = composed(settings);
  try {
    const tasks = await container.getAsync(TOKENS.tasks);
    await expect(tasks.find(freshOwner(), freshId())).rejects.toThrow(TypeError);
    return open.mock.calls[0]?.[0];
  } finally {
    open.mockRestore();
    await close(container);
  }
}

describe('DATABASE_PREPARED', () => {
  it('uses prepared statements by default', async () => {
    expect(await connectionOptions({})).toMatchObject({ url: DATABASE_URL, prepared: true });
  });

  it('uses no prepared statements when it is off', async () => {
    expect(await connectionOptions({ DATABASE_PREPARED: 'off' })).toMatchObject({ prepared: false });
  });
});

describe('DATABASE_POOL_MAX', () => {
  it('must allow one connection for each of the five lanes', () => {
    expect(() => composed({ DATABASE_POOL_MAX: '4' })).toThrow(InvalidSettings);
    expect(() => composed({ DATABASE_POOL_MAX: '5' })).not.toThrow();
  });

  it.each([
    [5, { read: 1, write: 1, isolated: 1, page: 1, scan: 1 }],
    [6, { read: 2, write: 1, isolated: 1, page: 1, scan: 1 }],
    [7, { read: 2, write: 1, isolated: 1, page: 2, scan: 1 }],
    [8, { read: 2, write: 1, isolated: 1, page: 2, scan: 2 }],
    [9, { read: 2, write: 1, isolated: 2, page: 2, scan: 2 }],
    [10, { read: 2, write: 1, isolated: 2, page: 2, scan: 3 }],
    [1_000, { read: 2, write: 1, isolated: 2, page: 2, scan: 3 }],
  ])('divides %i connections among the lanes', (maxConnections, sizes) => {
    expect(sizesOf(maxConnections)).toEqual(sizes);
  });
});
