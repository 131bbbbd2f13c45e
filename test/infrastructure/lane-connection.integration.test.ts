import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import {
  LaneConnection,
  type LaneConnectionOptions,
} from '../../src/infrastructure/postgres/connection/lane-connection.ts';
import { compileSql, MisplacedRow, type Statement } from '../../src/infrastructure/postgres/sql/statement.ts';
import { FaultProxy } from '../reliability/support/fault-proxy.ts';
import { asBehindPooler, type Tampering, TamperingProxy } from '../support/tampering-proxy.ts';

interface Values {
  readonly n: number;
}
interface Row {
  readonly n: number;
  readonly pid: number;
}

const statement = <Result = Row>(sql: string, matches: (row: Result, values: Values) => boolean = () => true) =>
  compileSql<Values, Result>('test', matches, sql);
const echo = (from = '') =>
  statement(`select :n::int as n, pg_backend_pid() as pid ${from}`, (row, { n }) => row.n === n);

const ECHO = echo();
const SLOW_ECHO = echo('from pg_sleep(0.2)');
const DIVISION = statement('select 1 / (:n::int - :n::int) as n');
/** Fails while the server reads its parameter, after it has prepared the statement. */
const CAST = statement('select :n::smallint as n');
/** Returns the row of another request. */
const MISPLACED = statement('select :n::int + 1 as n', (row, { n }) => row.n === n);
const BECOME_STANDBY = statement("select set_config('default_transaction_read_only', 'on', false), :n::int as n");
const WRITE = statement('create table never_created_by_a_test (n int)');
const DEALLOCATE = statement('deallocate all');
const PREPARED = statement<{ count: number }>(
  'select count(*)::int as count, :n::int as n from pg_prepared_statements',
);
const SETTINGS = statement<Record<string, string>>(
  `select current_setting('lock_timeout') as lock_timeout, current_setting('plan_cache_mode') as plan_cache_mode,
          current_setting('enable_seqscan') as enable_seqscan, :n::int as n`,
);

/** A `CommandComplete` message without a statement. */
const UNEXPECTED = Buffer.from('C\0\0\0\rSELECT 1\0', 'latin1');

const opened: LaneConnection[] = [];
const proxies: { close(): unknown }[] = [];
let silences = 0;

async function open(url = inject('directUrl'), options: Partial<LaneConnectionOptions> = {}): Promise<LaneConnection> {
  const connection = await LaneConnection.open({ url, prepared: true, onSilence: () => void silences++, ...options });
  opened.push(connection);
  return connection;
}

async function faultProxy(): Promise<[FaultProxy, url: string]> {
  const proxy = await FaultProxy.before(Number(new URL(inject('directUrl')).port));
  proxies.push(proxy);
  return [proxy, proxy.through(inject('directUrl'))];
}

async function tamperingProxy(tampering: Tampering = {}): Promise<TamperingProxy> {
  const proxy = await TamperingProxy.before(inject('directUrl'), tampering);
  proxies.push(proxy);
  return proxy;
}

afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  silences = 0;
  await Promise.all(opened.splice(0).map((connection) => connection.close()));
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
});

const one = async <R>(connection: LaneConnection, sent: Statement<Values, R[]>, n = 1): Promise<R> =>
  (await connection.send(sent, { n }))[0] as R;

/** Runs a query on a connection of its own. */
async function onServer(sql: string, values: readonly unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: inject('directUrl') });
  await client.connect();
  return client.query(sql, [...values]).finally(() => client.end());
}

/** Until the server has ended a session. */
const ended = (pid: number) =>
  vi.waitFor(async () =>
    expect((await onServer('select from pg_stat_activity where pid = $1', [pid])).rowCount).toBe(0),
  );

describe('a lane connection', () => {
  it('runs statements one after the other in one session', async () => {
    const connection = await open();
    const rows: Row[] = [];
    for (let n = 0; n < 20; n++) rows.push(await one(connection, ECHO, n));
    expect(rows.map(({ n }) => n)).toEqual(Array.from(rows.keys()));
    expect(new Set(rows.map(({ pid }) => pid)).size).toBe(1);
  });

  it.each([
    [true, DIVISION, '22012'],
    [false, DIVISION, '22012'],
    [true, CAST, '22003'],
    [false, CAST, '22003'],
  ])('stays usable after an error of a statement (prepared: %s)', async (prepared, failing, code) => {
    const connection = await open(undefined, { prepared });
    const { pid } = await one(connection, ECHO, 0);
    for (const n of [1, 2, 3]) {
      await expect(connection.send(failing, { n: 100_000 })).rejects.toMatchObject({ code });
      expect(await one(connection, ECHO, n)).toEqual({ n, pid });
    }
    if (failing === CAST) expect(await one(connection, CAST, 5)).toEqual({ n: 5 });
    expect(connection.isUsable).toBe(true);
  });

  it('does not hold up the next statement after a parameter that cannot be encoded', async () => {
    const connection = await open();
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    await expect(connection.send(ECHO, { n: circular as never })).rejects.toThrow(TypeError);
    const next = connection.isUsable ? one(connection, ECHO, 2) : undefined;
    expect(await Promise.race([next, sleep(1_000, 'no result')])).not.toBe('no result');
  });

  it('closes when a row does not match its request', async () => {
    const connection = await open();
    const { pid } = await one(connection, ECHO);
    await expect(connection.send(MISPLACED, { n: 1 })).rejects.toBeInstanceOf(MisplacedRow);
    expect(connection.isUsable).toBe(false);
    await ended(pid);
  });

  it('closes when its server has become a standby', async () => {
    const connection = await open();
    await one(connection, BECOME_STANDBY);
    await expect(connection.send(WRITE, { n: 1 })).rejects.toMatchObject({ code: '25006' });
    expect(connection.isUsable).toBe(false);
  });

  it('closes when its server does not know a prepared statement any more', async () => {
    const connection = await open();
    await one(connection, ECHO);
    await connection.send(DEALLOCATE, { n: 1 });
    await expect(connection.send(ECHO, { n: 1 })).rejects.toMatchObject({ code: '26000' });
    expect(connection.isUsable).toBe(false);
  });

  it('closes when its server has ended the session, although nobody closes the socket', async () => {
    for (const sent of [ECHO, SLOW_ECHO]) {
      const proxy = await tamperingProxy({ hidesEnd: true });
      const connection = await open(proxy.url);
      const { pid } = await one(connection, ECHO);
      const result = connection.send(sent, { n: 1 }).catch(({ code }) => code);
      if (sent === ECHO) await result;
      await onServer('select pg_terminate_backend($1)', [pid]);
      if (sent === SLOW_ECHO) expect(await result).toBe('57P01');
      await vi.waitFor(() => expect(connection.isUsable).toBe(false));
    }
  });

  it.each(['force_generic_plan', '424242'])('closes after an unexpected message (behind %s)', async (words) => {
    let isSent = false;
    const down = (piece: Buffer) => {
      if (isSent || !piece.includes(words)) return piece;
      isSent = true;
      return Buffer.concat([piece, UNEXPECTED]);
    };
    const proxy = await tamperingProxy({ down });
    const connection = await open(proxy.url).catch(() => undefined);
    await connection?.send(ECHO, { n: 424_242 }).catch(() => {});
    await vi.waitFor(() => expect(connection?.isUsable ?? false).toBe(false));
  });

  it('rejects the statement in flight when the connection is cut', async () => {
    const [proxy, url] = await faultProxy();
    const connection = await open(url);
    const lost = expect(connection.send(SLOW_ECHO, { n: 1 })).rejects.toThrow();
    await sleep(20);
    for (const relay of proxy.relays) relay.reset();
    await lost;
    expect(connection.isUsable).toBe(false);
  });
});

describe('a silent server', () => {
  const fakeClock = () => void vi.useFakeTimers({ toFake: ['performance'] });
  /** As the lane does, twice a second. */
  const pass = (connection: LaneConnection, ms: number) => {
    for (let passed = 0; passed < ms; passed += 500) {
      vi.advanceTimersByTime(500);
      connection.check(performance.now());
    }
  };
  const outcomeOf = (result: Promise<unknown>) => {
    const outcome = { error: undefined as Error | undefined };
    const settled = result.catch((error: Error) => {
      outcome.error = error;
    });
    return { outcome, settled };
  };

  it('loses its connection 5.5 seconds after the statement was sent, and is reported', async () => {
    fakeClock();
    const [proxy, url] = await faultProxy();
    const connection = await open(url);
    await one(connection, ECHO);
    pass(connection, 20_000);
    await proxy.set({ kind: 'freeze' });
    const { outcome, settled } = outcomeOf(connection.send(ECHO, { n: 1 }));
    pass(connection, 5_500);
    await sleep(20);
    expect([outcome.error, connection.isUsable, silences]).toEqual([undefined, true, 0]);
    pass(connection, 500);
    await settled;
    expect(outcome.error?.message).toContain('Connection terminated');
    expect([connection.isUsable, silences]).toEqual([false, 1]);
  });

  it('keeps its connection while a long result arrives', async () => {
    const [proxy, url] = await faultProxy();
    const connection = await open(url);
    await one(connection, ECHO);
    fakeClock();
    await proxy.set({ kind: 'slicer', bytes: 400, pauseMs: 10 });
    const LONG = statement<{ text: string }>("select repeat('x', 20_000 * :n) as text");
    const result = one(connection, LONG);
    for (let n = 0; n < 6; n++) {
      await sleep(40);
      pass(connection, 2_000);
    }
    expect((await result).text).toHaveLength(20_000);
    expect([connection.isUsable, silences]).toEqual([true, 0]);
  });

  it('loses its connection 5.5 seconds after the last byte of an unfinished result', async () => {
    const [proxy, url] = await faultProxy();
    const connection = await open(url);
    await one(connection, ECHO);
    fakeClock();
    await proxy.set({ kind: 'slicer', bytes: 400, pauseMs: 10 });
    const LONG = statement<{ text: string }>("select repeat('x', 100_000 * :n) as text");
    const { outcome, settled } = outcomeOf(one(connection, LONG));
    await sleep(60);
    pass(connection, 4_000);
    await sleep(40);
    await proxy.set({ kind: 'freeze' });
    await sleep(20);
    pass(connection, 5_500);
    expect([connection.isUsable, silences]).toEqual([true, 0]);
    pass(connection, 1_000);
    await settled;
    expect(outcome.error?.message).toContain('Connection terminated');
    expect(silences).toBe(1);
  });

  it('keeps its connection when the process was paused meanwhile', async () => {
    fakeClock();
    const connection = await open();
    await one(connection, ECHO);
    pass(connection, 500);
    const result = one(connection, SLOW_ECHO, 2);
    vi.advanceTimersByTime(7_000);
    connection.check(performance.now());
    expect(await result).toMatchObject({ n: 2 });
    expect([connection.isUsable, silences]).toEqual([true, 0]);
  });

  it('loses an idle connection after 30 seconds without a statement', async () => {
    fakeClock();
    const connection = await open();
    pass(connection, 29_000);
    const { pid } = await one(connection, ECHO);
    pass(connection, 29_500);
    expect(connection.isUsable).toBe(true);
    pass(connection, 1_000);
    expect(connection.isUsable).toBe(false);
    await ended(pid);
  });

  it('loses an idle connection after its lifetime', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    fakeClock();
    const connection = await open();
    for (let passed = 0; passed < 30 * 60_000; passed += 20_000) {
      expect(await one(connection, ECHO)).toMatchObject({ n: 1 });
      pass(connection, 20_000);
    }
    pass(connection, 500);
    expect([connection.isUsable, silences]).toEqual([false, 0]);
  });
});

describe('opening a lane connection', () => {
  it('fails after five seconds with a server that accepts the connection and then says nothing', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    for (const ignored of ['application_name', 'pg_backend_pid']) {
      const proxy = await tamperingProxy({ up: (piece) => (piece.includes(ignored) ? Buffer.alloc(0) : piece) });
      const failed = expect(open(proxy.url)).rejects.toMatchObject({ name: 'ConnectionFailed' });
      await proxy.until('up', ignored);
      vi.advanceTimersByTime(5_000);
      await failed;
    }
  });

  it('fails with a ConnectionFailed where nobody listens', async () => {
    await expect(open('postgres://nobody@127.0.0.1:1/nothing')).rejects.toMatchObject({ name: 'ConnectionFailed' });
  });

  it('sets the lock timeout of its lane and keeps plans that follow an index', async () => {
    const connection = await open(undefined, { lockTimeoutMs: 100 });
    expect(await one(connection, SETTINGS)).toMatchObject({
      lock_timeout: '100ms',
      plan_cache_mode: 'force_generic_plan',
      enable_seqscan: 'off',
    });
  });

  it('sets nothing and prepares nothing behind a pooler', async () => {
    const proxy = await tamperingProxy({ down: asBehindPooler });
    const connection = await open(proxy.url, { lockTimeoutMs: 100 });
    await one(connection, ECHO);
    await one(connection, ECHO);
    expect(await one(connection, PREPARED)).toMatchObject({ count: 0 });
    expect(['pg_backend_pid', 'set_config', 'lock_timeout', ECHO.name].map((words) => proxy.saw('up', words))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it.skipIf(process.env['TEST_POOLER'] === undefined)('recognizes PgBouncer', async () => {
    const connection = await open(inject('databaseUrl'));
    await one(connection, ECHO);
    expect(await one(connection, PREPARED)).toMatchObject({ count: 0 });
  });

  it('may mix users in a statement unless the server has Citus', async () => {
    expect((await open()).canBatch).toBe(true);
    // The server answers for a catalog that it has, as if it were that of Citus.
    const up = (piece: Buffer) =>
      Buffer.from(piece.toString('latin1').replace('pg_dist_partition', 'pg_proc          '), 'latin1');
    const proxy = await tamperingProxy({ up });
    const connection = await open(proxy.url);
    expect(connection.canBatch).toBe(false);
    expect(await one(connection, SETTINGS)).toMatchObject({ plan_cache_mode: 'auto', enable_seqscan: 'on' });
  });
});

describe('prepared statements', () => {
  /** The types of the messages that the client sends. https://www.postgresql.org/docs/current/protocol-message-formats.html */
  function messagesOf(bytes: Buffer): string {
    let types = '';
    for (let at = 0; at < bytes.length; at += 1 + bytes.readInt32BE(at + 1))
      types += String.fromCharCode(bytes[at] ?? 0);
    return types;
  }

  async function recording(prepared: boolean) {
    let sent = Buffer.alloc(0);
    const up = (piece: Buffer) => {
      sent = Buffer.concat([sent, piece]);
      return piece;
    };
    const proxy = await tamperingProxy({ up });
    const connection = await open(proxy.url, { prepared });
    const messages = async (of: Statement<Values, unknown[]>, n = 1) => {
      sent = Buffer.alloc(0);
      await connection.send(of, { n }).catch(() => {});
      return messagesOf(sent);
    };
    return { connection, messages };
  }

  it('are parsed and described once per connection', async () => {
    const { connection, messages } = await recording(true);
    expect([await messages(ECHO), await messages(ECHO), await messages(ECHO)]).toEqual(['PBDES', 'BES', 'BES']);
    expect(await one(connection, ECHO, 7)).toEqual({ n: 7, pid: expect.any(Number) });
    expect(await one(connection, PREPARED)).toMatchObject({ count: 2 });
  });

  it('are parsed and described again after they failed before their description arrived', async () => {
    const { connection, messages } = await recording(true);
    expect(await messages(CAST, 100_000)).toBe('PBDES');
    expect(await messages(CAST, 3)).toBe('BDES');
    expect(await messages(CAST, 4)).toBe('BES');
    expect(await one(connection, CAST, 5)).toEqual({ n: 5 });
  });

  it('keep their description when a later execution fails', async () => {
    const { connection, messages } = await recording(true);
    expect([await messages(CAST, 1), await messages(CAST, 100_000), await messages(CAST, 2)]).toEqual([
      'PBDES',
      'BES',
      'BES',
    ]);
    expect(await one(connection, CAST, 3)).toEqual({ n: 3 });
  });

  it('are not used when they are off', async () => {
    const { connection, messages } = await recording(false);
    expect([await messages(ECHO), await messages(ECHO)]).toEqual(['PBDES', 'PBDES']);
    expect(await one(connection, PREPARED)).toMatchObject({ count: 0 });
  });
});

describe('closing a lane connection', () => {
  it('ends an idle session', async () => {
    const connection = await open();
    const { pid } = await one(connection, ECHO);
    await connection.close();
    expect(connection.isUsable).toBe(false);
    await ended(pid);
  });

  it('cuts off the statement in flight', async () => {
    const connection = await open();
    const lost = expect(connection.send(SLOW_ECHO, { n: 1 })).rejects.toThrow('Connection terminated');
    await connection.close();
    await lost;
  });

  it('takes a second at most with a server that says nothing', async () => {
    const [proxy, url] = await faultProxy();
    const connection = await open(url);
    await one(connection, ECHO);
    await proxy.set({ kind: 'freeze' });
    const startedAt = performance.now();
    await connection.close();
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('is done at once when it is closed already', async () => {
    const connection = await open();
    await connection.close();
    await connection.close();
  });
});
