import { expect, vi } from 'vitest';
import type { ProgramProcess } from '../../support/service-process.ts';
import type { Cluster } from './cluster.ts';
import type { Ledger } from './ledger.ts';

/** The service lives, its connections are idle or gone, nothing is locked, and its log tells nobody's tasks. */
export async function expectNoLeftovers(service: ProgramProcess, cluster: Cluster, ledger: Ledger): Promise<void> {
  expect(() => process.kill(service.pid, 0)).not.toThrow();
  expect(ledger.foreignIn(service.stdout + service.stderr)).toEqual([]);
  // A session whose client was cut off ends when its statement does.
  await vi.waitFor(async () => {
    const busy = await cluster.query(`
      select state from pg_stat_activity
      where pid <> pg_backend_pid() and backend_type = 'client backend' and state <> 'idle'`);
    expect(busy).toEqual([]);
    expect(await cluster.query("select objid from pg_locks where locktype = 'advisory'")).toEqual([]);
  }, 8_000);
}
