import { afterEach, expect, inject, it, vi } from 'vitest';
import { connect } from '../../src/infrastructure/postgres/connection/connect.ts';
import { FaultProxy } from '../reliability/support/fault-proxy.ts';

afterEach(() => void vi.useRealTimers());

it('waits no longer than six seconds for an answer', async () => {
  const proxy = await FaultProxy.before(Number(new URL(inject('directUrl')).port));
  const knex = connect(proxy.through(inject('directUrl')), { maxConnections: 1, warn: () => {} });
  try {
    await knex.raw('select 1');
    await proxy.set({ kind: 'freeze' });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const outcome = knex.raw('select 1').catch((error: Error) => error.message);
    await vi.advanceTimersByTimeAsync(6_000);
    // What the pool does with the connection is no part of this.
    vi.useRealTimers();
    const late = new Promise((resolve) => setTimeout(resolve, 1_000, 'still waiting'));
    expect(await Promise.race([outcome, late])).toContain('Query read timeout');
  } finally {
    await proxy.close();
    await knex.destroy();
  }
});
