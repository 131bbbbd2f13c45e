import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { Pipeline } from '../../src/infrastructure/postgres/pipeline.ts';
import type { Sender } from '../../src/infrastructure/postgres/sender.ts';
import { CrossedAnswer, compileSql } from '../../src/infrastructure/postgres/statement.ts';
import { FaultProxy } from '../reliability/support/fault-proxy.ts';

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
const DIVISION = compileSql<Echo, Row>('test', isEcho, 'select 1 / (:n::int - :n::int) as n');
/** As if the answer to somebody else's statement had come. */
const CROSSED = compileSql<Echo, Row>('test', isEcho, 'select :n::int + 1 as n');
const AS_STANDBY = compileSql<Echo, Row>(
  'test',
  () => true,
  "select set_config('default_transaction_read_only', 'on', false), :n::int as n",
);
const WRITE = compileSql<Echo, Row>('test', () => true, 'create table never_made_by_a_test (n int)');

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
    const outcomes = await Promise.allSettled([echo(0, WRITE), echo(1), echo(2)]);
    expect(outcomes).toMatchObject([{ reason: { code: '25006' } }, { value: { pid } }, { value: { pid } }]);
    expect((await echo(3)).pid).not.toBe(pid);
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
