import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshOwner } from '../support/owners.ts';
import { type RunningService, startService } from '../support/service-process.ts';
import { send } from './support/client.ts';
import { Cluster } from './support/cluster.ts';
import { FaultProxy } from './support/fault-proxy.ts';
import type { Fault } from './support/faults.ts';
import { Ledger, NOTHING_LOST } from './support/ledger.ts';
import { expectNoLeftovers } from './support/leftovers.ts';
import { PATIENCE_MS, seeded, size, tell } from './support/sizes.ts';

const CREATES = size('UNKNOWN_CREATES', 200, 2_000);
const TOGGLES = size('UNKNOWN_TOGGLES', 20, 200);

/** What the server has prepared under a name comes by that name alone. */
const INSERT = /insert_task(s|_if_free)?_[0-9a-f]{16}|insert into public\.tasks\b/;
const UPDATE = /update_task(s|_if_free)?_[0-9a-f]{16}|update public\.tasks\b/;
const POST = /^POST /;

let cluster: Cluster;
/** Between the service and its database, and between clients and the service. */
let [behind, before]: FaultProxy[] = [];
let service: RunningService;

beforeAll(async () => {
  cluster = await Cluster.create();
  behind = await FaultProxy.before(cluster.port);
  service = await startService({ DATABASE_URL: behind.through(cluster.url) });
  before = await FaultProxy.before(Number(new URL(service.baseUrl).port));
});
afterAll(() => Promise.all([behind?.close(), before?.close()]));

const KILLS = ['killOn', 'killAfterComplete', 'killAfterReady'] as const;

describe('a create whose outcome its client does not know', () => {
  it(`exists once, and under one id, when it is repeated: ${CREATES} of them`, { timeout: PATIENCE_MS }, async () => {
    const random = seeded();
    const ledger = new Ledger(3);
    const outcomes = new Map<string, number>();
    let cutAtTheClient = 0;
    const url = (owner: string) => `${before?.through(service.baseUrl)}/api/${owner}/tasks`;

    for (let n = 0; n < CREATES; n++) {
      const by = random.pick(['key', 'key', 'id', 'nothing'] as const);
      const attempt = ledger.try(random.pick(ledger.owners), { withKey: by === 'key' });
      const id = by === 'id' ? randomUUID() : undefined;
      const request = {
        body: { title: attempt.title, ...(id !== undefined && { id }) },
        headers: attempt.key === undefined ? {} : { 'idempotency-key': attempt.key },
      };
      // Once, so that the service may mend it, or for as long as it tries.
      const times = random.pick([1, 1, 100]);
      const isAtTheClient = random.next() < 0.3;
      if (isAtTheClient) {
        const cut: Fault = { kind: 'limitBytes', bytes: random.pick([0, 10]) };
        await before?.set(random.pick([cut, { kind: 'killOn', pattern: POST }]));
        cutAtTheClient += 1;
      } else await behind?.set({ kind: random.pick(KILLS), pattern: INSERT, times });

      const first = await send(url(attempt.owner), request);
      await Promise.all([behind?.heal(), before?.heal()]);

      outcomes.set(String(first.status), (outcomes.get(String(first.status)) ?? 0) + 1);
      expect([201, 503, 0]).toContain(first.status);
      if (first.status === 503) expect(first.headers.get('retry-after')).toMatch(/^\d+$/);
      if (first.status === 201) {
        ledger.ack(attempt, first.json.id, first.headers.get('etag'));
        // It cannot have been sent before, whatever the service had to do.
        if (by === 'nothing') expect(first.headers.get('idempotency-replayed')).toBeNull();
      }
      if (by === 'nothing') continue;
      const again = await send(url(attempt.owner), request);
      expect([again.status, again.text.slice(0, 200)]).toEqual([201, expect.stringContaining(attempt.title)]);
      if (id !== undefined) expect(again.json.id).toBe(id);
      ledger.ack(attempt, again.json.id, again.headers.get('etag'));
    }

    const figures = await ledger.check((sql, values) => cluster.query(sql, values));
    tell('unknown outcome', {
      seed: random.seed,
      'cut behind the service': behind?.kills ?? 0,
      'cut before it': cutAtTheClient,
      ...figures,
      ...Object.fromEntries([...outcomes].map(([status, times]) => [`first answer ${status}`, times])),
    });
    expect(figures).toMatchObject(NOTHING_LOST);
    expect(behind?.kills).toBeGreaterThan(CREATES / 4);
    // The service mends what it can.
    expect(outcomes.get('201') ?? 0).toBeGreaterThan(0);
    await expectNoLeftovers(service, cluster, ledger);
  });
});

describe('a toggle whose outcome the service does not know', () => {
  it.each(KILLS)('is not made twice: %s', { timeout: PATIENCE_MS }, async (kind) => {
    const list = `${service.baseUrl}/api/${freshOwner()}/tasks`;
    const { json: task } = await send(list, { body: { title: 'Buy milk' } });
    let revision: number = task.revision;
    let happened = 0;
    for (let n = 0; n < TOGGLES; n++) {
      await behind?.set({ kind, pattern: UPDATE, times: 1 });
      const { status, headers } = await send(`${list}/${task.id}/complete`, { method: 'PATCH' });
      await behind?.heal();

      const { json: after } = await send(`${list}/${task.id}`);
      // It happened once, or not at all; where the answer alone was lost, it happened.
      expect(status).toBe(503);
      expect(headers.get('retry-after')).toMatch(/^\d+$/);
      if (kind === 'killOn') expect(after.revision).toBe(revision);
      else expect(after.revision - revision).toBeLessThanOrEqual(1);
      if (kind === 'killAfterReady') expect(after.revision).toBe(revision + 1);
      expect(after.completed).toBe((after.revision - task.revision) % 2 === 1);
      if (after.revision > revision) happened += 1;
      revision = after.revision;
    }
    tell('unknown outcome of a toggle', { fault: kind, toggles: TOGGLES, 'happened once': happened });
  });
});
