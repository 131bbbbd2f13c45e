import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { connect } from '../../src/infrastructure/postgres/connection/connect.ts';
import { Pipeline } from '../../src/infrastructure/postgres/pipeline.ts';
import type { Sender } from '../../src/infrastructure/postgres/sender.ts';
import { type OpenSenders, pipelinedSenders, pooledSenders } from '../../src/infrastructure/postgres/senders.ts';
import { CrossedAnswer, compileSql } from '../../src/infrastructure/postgres/sql/statement.ts';
import { FaultProxy } from '../reliability/support/fault-proxy.ts';
import { asBehindPooler, TamperingProxy } from '../support/tampering-proxy.ts';

interface Echo {
  readonly n: number;
}
interface Row {
  readonly n: number;
  readonly pid: number;
}

const isEcho = (row: Row, { n }: Echo) => row.n === n;
const ECHO = compileSql<Echo, Row>('test', isEcho, 'select :n::int as n, pg_backend_pid() as pid');
const SLOW_ECHO = compileSql<Echo, Row>(
  'test',
  isEcho,
  'select :n::int as n, pg_backend_pid() as pid from pg_sleep(0.1)',
);
const LONG_ECHO = compileSql<Echo, Row>(
  'test',
  isEcho,
  'select :n::int as n, pg_backend_pid() as pid from pg_sleep(2)',
);
const DIVISION = compileSql<Echo, Row>('test', isEcho, 'select 1 / (:n::int - :n::int) as n');
/** As if the answer to somebody else's statement had come. */
const CROSSED = compileSql<Echo, Row>('test', isEcho, 'select :n::int + 1 as n');
const AS_STANDBY = compileSql<Echo, Row>(
  'test',
  () => true,
  "select set_config('default_transaction_read_only', 'on', false), :n::int as n",
);
const FORGET = compileSql<Echo, Row>('test', () => true, 'deallocate all');
/** How many statements the server keeps for this connection. */
const KEPT = compileSql<Echo, { kept: number }>(
  'test',
  () => true,
  'select count(*)::int as kept, :n::int as n from pg_prepared_statements',
);
const WRITE = compileSql<Echo, Row>('test', () => true, 'create table never_made_by_a_test (n int)');

/** `CommandComplete`, where nothing was asked. */
const UNEXPECTED = Buffer.from('C\0\0\0\rSELECT 1\0', 'latin1');

/** A pool that nobody should need. */
const fallback: Sender = {
  async send<Values, Answer>(_statement: unknown, values: Values): Promise<Answer[]> {
    return [{ ...values, pid: 0 } as Answer];
  },
};

const onSilence = () => {};
let pipeline: Pipeline;
beforeEach(() => {
  pipeline = new Pipeline({ url: inject('directUrl'), named: true, fallback, onSilence });
});
afterEach(() => pipeline.close());
afterEach(() => void vi.useRealTimers());
afterEach(() => void vi.restoreAllMocks());

const echo = async (n: number, by = ECHO): Promise<Row> => {
  const [row] = await pipeline.send(by, { n });
  return row as Row;
};
const numbers = Array.from({ length: 100 }, (_, n) => n);

describe('a pipeline', () => {
  it('gives each statement its own answer, over one connection', async () => {
    const rows = await Promise.all(numbers.map((n) => echo(n)));
    expect(rows.map(({ n }) => n)).toEqual(numbers);
    expect(new Set(rows.map(({ pid }) => pid)).size).toBe(1);
  });

  it.each([true, false])('fails only the statement that fails, prepared or not: %s', async (named) => {
    pipeline = new Pipeline({ url: inject('directUrl'), named, fallback, onSilence });
    const outcomes = await Promise.allSettled(numbers.map((n) => echo(n, n % 3 === 0 ? DIVISION : ECHO)));
    for (const [n, outcome] of outcomes.entries()) {
      if (n % 3 === 0) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: '22012' } });
      else expect(outcome).toMatchObject({ status: 'fulfilled', value: { n } });
    }
  });

  it('writes what is sent in one turn at once', async () => {
    const proxy = await FaultProxy.before(Number(new URL(inject('directUrl')).port));
    const through = new Pipeline({ url: proxy.through(inject('directUrl')), named: true, fallback, onSilence });
    try {
      await through.send(ECHO, { n: 0 });
      const before = proxy.pieces;
      await Promise.all(numbers.map((n) => through.send(ECHO, { n })));
      expect(proxy.pieces - before).toBe(1);
    } finally {
      await through.close();
      await proxy.close();
    }
  });

  it('destroys a connection that answers what was not asked for, and all that is under way on it', async () => {
    const { pid } = await echo(0);
    const outcomes = await Promise.allSettled([echo(1), echo(2, CROSSED), echo(3, SLOW_ECHO), echo(4)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
    expect(outcomes[1]).toMatchObject({ reason: expect.any(CrossedAnswer) });
    expect(outcomes[3]).toMatchObject({ reason: { message: expect.stringContaining('Connection terminated') } });
    expect((await echo(5)).pid).not.toBe(pid);
  });

  it('leaves a server that has become a standby, when it has answered the rest', async () => {
    const { pid } = await echo(0);
    await echo(0, AS_STANDBY);
    const outcomes = await Promise.allSettled([echo(0, WRITE), echo(1, SLOW_ECHO), echo(2)]);
    expect(outcomes).toMatchObject([{ reason: { code: '25006' } }, { value: { pid } }, { value: { pid } }]);
    expect((await echo(3)).pid).not.toBe(pid);
  });

  it('leaves a server that has forgotten a statement', async () => {
    const { pid } = await echo(0);
    await echo(0, FORGET);
    await expect(echo(1)).rejects.toMatchObject({ code: '26000' });
    expect((await echo(2)).pid).not.toBe(pid);
  });

  it.each([
    ['idle', ECHO],
    ['in use', SLOW_ECHO],
  ])('leaves a connection that its server has ended while it was %s, although nobody closes it', async (_when, by) => {
    const proxy = await TamperingProxy.before(inject('directUrl'), { hidesEnd: true });
    const through = new Pipeline({ url: proxy.url, named: true, fallback, onSilence });
    const admin = new pg.Client({ connectionString: inject('directUrl') });
    await admin.connect();
    try {
      const [before] = await through.send(ECHO, { n: 0 });
      const last = through.send(by, { n: 0 }).catch(() => {});
      if (by === ECHO) await last;
      await admin.query('select pg_terminate_backend($1)', [before?.pid]);
      await last;
      await proxy.until('down', '57P01');
      await sleep(100);
      // Who is faster than the news is lost; whoever comes later is not.
      if (by === ECHO) await through.send(ECHO, { n: 1 }).catch(() => {});
      const [after] = await through.send(ECHO, { n: 1 });
      expect(after?.pid).not.toBe(before?.pid);
    } finally {
      await admin.end();
      proxy.close();
      await through.close();
    }
  });

  it('gives up a connection that does not answer for five and a half seconds, and tells so', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    const proxy = await FaultProxy.before(Number(new URL(inject('directUrl')).port));
    let silences = 0;
    const told = () => void silences++;
    const url = proxy.through(inject('directUrl'));
    const through = new Pipeline({ url, named: true, fallback, onSilence: told });
    try {
      await through.send(ECHO, { n: 0 });
      vi.advanceTimersByTime(20_000);
      await proxy.set({ kind: 'freeze' });
      let outcome: unknown;
      const lost = through.send(ECHO, { n: 1 }).catch((error: Error) => {
        outcome = error.message;
      });
      vi.advanceTimersByTime(5_000);
      await sleep(20);
      expect([outcome, silences]).toEqual([undefined, 0]);
      vi.advanceTimersByTime(1_000);
      await lost;
      expect([outcome, silences]).toEqual([expect.stringContaining('Connection terminated'), 1]);
      await proxy.heal();
      expect(await through.send(ECHO, { n: 2 })).toMatchObject([{ n: 2 }]);
    } finally {
      await proxy.close();
      await through.close();
    }
  });

  it('gives up a connection on which one statement waits for so long, although those before it are answered', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    let silences = 0;
    pipeline = new Pipeline({ url: inject('directUrl'), named: true, fallback, onSilence: () => void silences++ });
    await echo(0);
    const first = echo(1, SLOW_ECHO);
    const second = echo(2, SLOW_ECHO);
    const last = echo(3, LONG_ECHO).catch((error: Error) => error.message);
    await first;
    vi.advanceTimersByTime(3_000);
    await second;
    vi.advanceTimersByTime(2_000);
    expect(await Promise.race([last, sleep(20, 'waits')])).toBe('waits');
    vi.advanceTimersByTime(1_000);
    expect(await last).toContain('Connection terminated');
    // It is slow, and not dead: the others need not be.
    expect(silences).toBe(0);
  });

  it.each([
    ['it is opened', 'force_generic_plan'],
    ['it is in use', '424242'],
  ])('closes a connection that says something unexpected when %s', async (_when, words) => {
    let isSpoilt = false;
    const down = (piece: Buffer) => {
      if (isSpoilt || !piece.includes(words)) return piece;
      isSpoilt = true;
      return Buffer.concat([piece, UNEXPECTED]);
    };
    const proxy = await TamperingProxy.before(inject('directUrl'), { down });
    const through = new Pipeline({ url: proxy.url, named: true, fallback, onSilence });
    const admin = new pg.Client({ connectionString: inject('directUrl') });
    await admin.connect();
    try {
      const first = await through.send(ECHO, { n: 424_242 }).catch(() => []);
      await sleep(100);
      expect(await through.send(ECHO, { n: 1 })).toMatchObject([{ n: 1 }]);
      await vi.waitFor(async () => {
        const open = await admin.query('select from pg_stat_activity where pid = $1', [first[0]?.pid]);
        expect(open.rowCount).toBe(0);
      });
    } finally {
      await admin.end();
      await through.close();
      proxy.close();
    }
  });

  it('does not blame a connection for the time in which the process was stopped', async () => {
    await echo(0);
    const late = echo(1, LONG_ECHO);
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + 7_000);
    expect(await late).toMatchObject({ n: 1 });
  });

  it('is closed when nobody has asked for half a minute', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    const { pid } = await echo(0);
    vi.advanceTimersByTime(29_000);
    expect((await echo(1)).pid).toBe(pid);
    vi.advanceTimersByTime(31_000);
    expect((await echo(2)).pid).not.toBe(pid);
  });

  it('does not wait for ever for a server that lets it connect and then says nothing', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const silent = (piece: Buffer) => (piece.includes('pg_backend_pid') ? Buffer.alloc(0) : piece);
    const proxy = await TamperingProxy.before(inject('directUrl'), { up: silent });
    const through = new Pipeline({ url: proxy.url, named: true, fallback, onSilence });
    try {
      const failed = expect(through.send(ECHO, { n: 0 })).rejects.toMatchObject({ name: 'ConnectionFailed' });
      await proxy.until('up', 'pg_backend_pid');
      vi.advanceTimersByTime(5_000);
      await failed;
    } finally {
      proxy.close();
    }
  });

  it('has the server keep its statements only if they are named', async () => {
    await echo(0);
    expect(await pipeline.send(KEPT, { n: 0 })).toMatchObject([{ kept: 2 }]);
    const nameless = new Pipeline({ url: inject('directUrl'), named: false, fallback, onSilence });
    await nameless.send(ECHO, { n: 0 });
    expect(await nameless.send(KEPT, { n: 0 })).toMatchObject([{ kept: 0 }]);
    await nameless.close();
  });

  it('leaves all to the pool where the server is not the one that it was told of, and sets nothing there', async () => {
    const proxy = await TamperingProxy.before(inject('directUrl'), { down: asBehindPooler });
    const pooled = new Pipeline({ url: proxy.url, named: true, fallback, onSilence });
    try {
      for (const n of [1, 2]) expect(await pooled.send(ECHO, { n })).toEqual([{ n, pid: 0 }]);
      expect([proxy.saw('up', 'pg_backend_pid'), proxy.saw('up', 'set_config')]).toEqual([true, false]);
    } finally {
      await pooled.close();
      proxy.close();
    }
  });

  it('connects again after its connection was cut', async () => {
    const proxy = await FaultProxy.before(Number(new URL(inject('directUrl')).port));
    const through = new Pipeline({ url: proxy.through(inject('directUrl')), named: true, fallback, onSilence });
    try {
      await through.send(ECHO, { n: 0 });
      const lost = Promise.allSettled(numbers.map((n) => through.send(SLOW_ECHO, { n })));
      await sleep(20);
      for (const relay of proxy.relays) relay.reset();
      expect((await lost).map(({ status }) => status)).toEqual(numbers.map(() => 'rejected'));
      expect(await through.send(ECHO, { n: 1 })).toMatchObject([{ n: 1 }]);
    } finally {
      await through.close();
      await proxy.close();
    }
  });

  it('closes after what is under way', async () => {
    await echo(0);
    const slow = echo(1, SLOW_ECHO);
    await pipeline.close();
    expect(await slow).toMatchObject({ n: 1 });
  });

  it('closes after what is under way on a connection that takes no more, but does not wait for ever', async () => {
    await echo(0, AS_STANDBY);
    const spent = echo(0, WRITE).catch(({ code }) => code);
    let slow: Row | undefined;
    void echo(1, SLOW_ECHO).then((row) => {
      slow = row;
    });
    const long = echo(2, LONG_ECHO).catch((error: Error) => error.message);
    expect(await spent).toBe('25006');
    // Its successor.
    await echo(3);
    await pipeline.close();
    expect(slow).toMatchObject({ n: 1 });
    expect(await long).toContain('Connection terminated');
  });

  it('sends nothing when it is closed, or about to be', async () => {
    const proxy = await FaultProxy.before(Number(new URL(inject('directUrl')).port));
    const url = proxy.through(inject('directUrl'));
    const opening = new Pipeline({ url, named: true, fallback, onSilence });
    const open = new Pipeline({ url, named: true, fallback, onSilence });
    const refused = { name: 'ConnectionFailed' };
    try {
      await open.send(ECHO, { n: 0 });
      const waits = expect(opening.send(ECHO, { n: 0 })).rejects.toMatchObject(refused);
      const closed = Promise.all([opening.close(), open.close()]);
      const meanwhile = expect(open.send(ECHO, { n: 0 })).rejects.toMatchObject(refused);
      await Promise.all([waits, meanwhile, closed]);
      await expect(open.send(ECHO, { n: 0 })).rejects.toMatchObject(refused);
      await vi.waitFor(() => expect([proxy.accepted, proxy.relays.size]).toEqual([2, 0]));
    } finally {
      await proxy.close();
    }
  });

  it('says that it could not connect', async () => {
    const nowhere = new Pipeline({ url: 'postgres://nobody@127.0.0.1:1/nothing', named: true, fallback, onSilence });
    await expect(nowhere.send(ECHO, { n: 1 })).rejects.toMatchObject({ name: 'ConnectionFailed' });
  });

  it.skipIf(process.env['TEST_POOLER'] === undefined)('leaves all to the pool behind a pooler', async () => {
    const pooled = new Pipeline({ url: inject('databaseUrl'), named: true, fallback, onSilence });
    expect(await pooled.send(ECHO, { n: 1 })).toEqual([{ n: 1, pid: 0 }]);
    await pooled.close();
  });
});

describe('the ways to the database', () => {
  async function withSenders(
    url: string,
    prepared: boolean,
    use: (senders: OpenSenders) => Promise<void>,
  ): Promise<void> {
    const knex = connect(url, { maxConnections: 1, warn: () => {} });
    const senders = pipelinedSenders(knex, { url, maxConnections: 3, prepared });
    try {
      await use(senders);
    } finally {
      await senders.close();
      await knex.destroy();
    }
  }

  it('are all distrusted when one of them has fallen silent', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    const proxy = await FaultProxy.before(Number(new URL(inject('directUrl')).port));
    try {
      await withSenders(proxy.through(inject('directUrl')), true, async ({ reads, searches, writes }) => {
        const ways = [reads, searches, ...writes];
        const pids = async () =>
          (await Promise.all(ways.map((way) => way.send(ECHO, { n: 1 })))).map(([row]) => row?.pid);
        const before = await pids();
        expect(new Set(before).size).toBe(3);
        await proxy.set({ kind: 'freeze' });
        const lost = reads.send(ECHO, { n: 1 }).catch(() => {});
        vi.advanceTimersByTime(6_000);
        await lost;
        await proxy.heal();
        vi.advanceTimersByTime(1);
        for (const pid of await pids()) expect(before).not.toContain(pid);
      });
    } finally {
      await proxy.close();
    }
  });

  it('must soon answer when another one has fallen silent', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    const proxy = await FaultProxy.before(Number(new URL(inject('directUrl')).port));
    try {
      await withSenders(proxy.through(inject('directUrl')), true, async ({ reads, writes: [writes] }) => {
        for (const way of [reads, writes]) await way.send(ECHO, { n: 0 });
        await proxy.set({ kind: 'freeze' });
        const lost = reads.send(ECHO, { n: 1 }).catch(() => {});
        vi.advanceTimersByTime(4_500);
        let outcome: unknown;
        const late = writes.send(ECHO, { n: 2 }).catch((error: Error) => {
          outcome = error.message;
        });
        vi.advanceTimersByTime(1_000);
        await sleep(20);
        expect(outcome).toBeUndefined();
        vi.advanceTimersByTime(500);
        await lost;
        vi.advanceTimersByTime(500);
        await late;
        expect(outcome).toContain('Connection terminated');
      });
    } finally {
      await proxy.close();
    }
  });

  it.each([true, false])('all keep statements, or none does: %s', async (prepared) => {
    await withSenders(inject('directUrl'), prepared, async ({ reads, searches, writes }) => {
      for (const way of [reads, searches, ...writes]) {
        expect(await way.send(KEPT, { n: 0 })).toMatchObject([{ kept: prepared ? 1 : 0 }]);
      }
    });
  });

  it('name nothing over a pool that leads to a pooler', async () => {
    const proxy = await TamperingProxy.before(inject('directUrl'), { down: asBehindPooler });
    const knex = connect(proxy.url, { maxConnections: 1, warn: () => {} });
    const { reads } = pooledSenders(knex, true);
    expect(await reads.send(ECHO, { n: 1 })).toMatchObject([{ n: 1 }]);
    expect(proxy.saw('up', ECHO.name)).toBe(false);
    await knex.destroy();
    proxy.close();
  });
});
