import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { freshOwner } from '../support/owners.ts';
import { type RunningService, startService } from '../support/service-process.ts';
import { type Seen, send } from './support/client.ts';
import { Cluster } from './support/cluster.ts';
import { PATIENCE_MS, tell } from './support/sizes.ts';

const run = promisify(execFile);
const RECOVERY_MS = 2_000;
const CONNECTIONS = 13;
/** One for each lane of the service. */
const LANES = 5;

describe('the service', () => {
  let cluster: Cluster;
  let service: RunningService;
  beforeAll(async () => {
    // PostgreSQL reserves three of them for superusers such as the tests.
    cluster = await Cluster.create({ max_connections: CONNECTIONS });
    await cluster.query(
      'create role service login in role postgres; grant all on all tables in schema public to service',
    );
    await cluster.query("alter role service in database postgres set lock_timeout = '2s'");
    service = await startService({
      DATABASE_URL: cluster.url.replace('postgres@', 'service@'),
      DATABASE_POOL_MAX: String(LANES),
    });
  });

  const create = (owner: string): Promise<Seen> =>
    send(`${service.baseUrl}/api/${owner}/tasks`, {
      body: { title: 'Buy milk' },
      headers: { 'idempotency-key': randomUUID() },
    });
  const list = (owner: string): Promise<Seen> => send(`${service.baseUrl}/api/${owner}/tasks`);

  function expectUnavailable({ status, headers, text }: Seen): void {
    expect([status, text]).toEqual([503, expect.stringContaining('"code":"unavailable"')]);
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
  }

  /** @returns how long it took until a create succeeded, in milliseconds */
  async function recovered(owner: string): Promise<number> {
    const began = performance.now();
    await vi.waitFor(async () => expect((await create(owner)).status).toBe(201), { timeout: 30_000, interval: 20 });
    return Math.round(performance.now() - began);
  }

  it('responds 503 while all connections of the server are taken, and recovers as soon as each lane can have one', async () => {
    const owner = freshOwner();
    await cluster.terminateBackends();
    const holders = await Promise.all(Array.from({ length: CONNECTIONS - 3 }, () => cluster.connect('service')));
    onTestFinished(() => Promise.all(holders.map((holder) => holder.end())).then(() => {}));

    const seen = await Promise.all([create(owner), list(owner)]);
    for (const failed of seen) expectUnavailable(failed);
    expect((await send(`${service.baseUrl}/readyz`)).status).toBe(503);
    expect((await send(`${service.baseUrl}/livez`)).status).toBe(200);

    await Promise.all(holders.splice(0, LANES).map((holder) => holder.end()));
    const recovery = await recovered(owner);
    tell('all connections taken', {
      'longest failed request (ms)': Math.round(Math.max(...seen.map(({ began, ended }) => ended - began))),
      'recovery (ms)': recovery,
    });
    expect(recovery).toBeLessThanOrEqual(RECOVERY_MS);
  });

  it('responds 503 to writes of a user whose counter is locked, and serves reads and other users', async () => {
    const [owner, other] = [freshOwner(), freshOwner()];
    await Promise.all([create(owner), create(other)]);
    const holder = await cluster.connect();
    onTestFinished(() => holder.end());
    await holder.query('begin');
    await holder.query('select from task_lists where user_id = $1 for update', [owner]);

    const failed = await create(owner);
    expectUnavailable(failed);
    expect((await list(owner)).status).toBe(200);
    expect((await create(other)).status).toBe(201);

    await holder.query('rollback');
    const recovery = await recovered(owner);
    tell('a list is locked', {
      'failed after (ms)': Math.round(failed.ended - failed.began),
      'recovery (ms)': recovery,
    });
    expect(failed.ended - failed.began).toBeLessThan(3_000);
    expect(recovery).toBeLessThanOrEqual(RECOVERY_MS);
  });

  it('responds 503 to writes while the server is read-only, and serves reads', async () => {
    const owner = freshOwner();
    const { json: task } = await create(owner);
    const setReadOnly = async (value: 'on' | 'off') => {
      await cluster.query(`alter role service in database postgres set default_transaction_read_only = ${value}`);
      await cluster.terminateBackends();
    };
    onTestFinished(() => setReadOnly('off'));
    await setReadOnly('on');

    expectUnavailable(await create(owner));
    const path = `${service.baseUrl}/api/${owner}/tasks/${task.id}`;
    for (const method of ['PATCH', 'DELETE']) {
      expectUnavailable(await send(path, { method, ...(method === 'PATCH' && { body: { title: 'Buy bread' } }) }));
    }
    expect((await list(owner)).json.tasks).toEqual([task]);

    await setReadOnly('off');
    const recovery = await recovered(owner);
    tell('read-only', { 'recovery (ms)': recovery });
    expect(recovery).toBeLessThanOrEqual(RECOVERY_MS);
  });

  it('responds 503 to writes while the disk is full, and serves reads', {
    timeout: PATIENCE_MS,
  }, async ({ skip }) => {
    const folder = join(cluster.folder, 'small');
    await mkdir(folder, { recursive: true });
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder]).catch(() => undefined);
    if (mounted === undefined) skip('a small disk cannot be mounted by this user');
    onTestFinished(async () => {
      await cluster.query('alter table tasks set tablespace pg_default');
      await cluster.query('drop tablespace if exists small');
      await run('umount', [folder]);
    });
    const data = join(folder, 'tablespace');
    await mkdir(data);
    await chmod(folder, 0o755);
    await cluster.own(data);
    const owner = freshOwner();
    const { json: task } = await create(owner);
    await cluster.query(`create tablespace small location '${data}'`);
    await cluster.query('alter table tasks set tablespace small');
    await cluster.query('grant create on tablespace small to service');
    const filler = join(folder, 'filler');
    await writeFile(filler, Buffer.alloc(8 * 1_024 * 1_024)).catch(() => {});

    // What is left of the last page takes some small tasks.
    const large = { title: 'x'.repeat(255), description: 'y'.repeat(4_000) };
    const url = `${service.baseUrl}/api/${owner}/tasks`;
    let stored = 1;
    let failed = await send(url, { body: large });
    for (; failed.status === 201; stored++) failed = await send(url, { body: large });
    expectUnavailable(failed);
    expect((await list(owner)).json.tasks).toContainEqual(task);
    expect((await list(owner)).json.tasks).toHaveLength(stored);
    const ready = (await send(`${service.baseUrl}/readyz`)).status;

    await rm(filler);
    const recovery = await recovered(owner);
    tell('disk full', {
      'stored before': stored,
      'Retry-After': failed.headers.get('retry-after') ?? 'none',
      'readiness meanwhile': ready,
      'recovery (ms)': recovery,
    });
    expect(ready).toBe(503);
    expect(Number(failed.headers.get('retry-after'))).toBeGreaterThanOrEqual(30);
    expect(recovery).toBeLessThanOrEqual(RECOVERY_MS);
  });
});
