import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallAborted, StorageUnavailable, UnstorableValue } from '../../src/application/ports.ts';
import { Database } from '../../src/infrastructure/postgres/database.ts';
import { ConnectionFailed } from '../../src/infrastructure/postgres/resilience/errors.ts';
import { compileSql, type Query, type RetryClass } from '../../src/infrastructure/postgres/sql/statement.ts';

const serverError = (code: string) => Object.assign(new Error('it failed'), { code, severity: 'ERROR' });
const unreachable = new ConnectionFailed('', { cause: new Error('connect ECONNREFUSED') });
const poolTimeout = Object.assign(new Error('Timeout acquiring a connection'), { name: 'KnexTimeoutError' });
const lost = new Error('Connection terminated unexpectedly');
const deadlock = serverError('40P01');
const tooSlow = serverError('57014');

type Run = ConstructorParameters<typeof Database>[0]['run'];

const databaseOn = (work: () => Promise<unknown[]>) => new Database({ run: work as Run, load: [] });
const queryOf = (retry: RetryClass): Query<{ readonly owner: string }, unknown> => ({
  lane: 'read',
  retry,
  statement: compileSql('test', () => true, 'select :owner'),
});

/** A database that fails once for each error, and then returns a row. */
class Scripted {
  readonly database: Database;
  readonly errors: unknown[];
  attempts = 0;

  constructor(errors: unknown[]) {
    this.errors = errors;
    this.database = databaseOn(async () => {
      this.attempts++;
      if (errors.length > 0) throw errors.shift();
      return ['row'];
    });
  }

  /** @returns the rows, or the error */
  async outcome(retryClass: RetryClass): Promise<unknown> {
    const running = this.database.query(queryOf(retryClass), { owner: 'alice' }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(10_000);
    return running;
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the database retries', () => {
  it.each<[string, unknown, RetryClass]>([
    ['a read that was not sent', unreachable, 'read'],
    ['an idempotent write that was not sent', unreachable, 'idempotent'],
    ['a write that was not sent', unreachable, 'write'],
    ['a read that was rolled back', deadlock, 'read'],
    ['an idempotent write that was rolled back', deadlock, 'idempotent'],
    ['a write that was rolled back', deadlock, 'write'],
    ['a read whose outcome is unknown', lost, 'read'],
    ['an idempotent write whose outcome is unknown', lost, 'idempotent'],
  ])('%s', async (_case, error, retryClass) => {
    const scripted = new Scripted([error, error]);
    expect(await scripted.outcome(retryClass)).toEqual(['row']);
    expect(scripted.attempts).toBe(3);
  });

  it('a statement that was not sent as often as the time limit allows', async () => {
    const scripted = new Scripted(Array.from({ length: 1_000 }, () => unreachable));
    const startedAt = performance.now();
    let failedAfter = 0;
    const failed = scripted.database.query(queryOf('write'), { owner: 'alice' }).catch((error: unknown) => {
      failedAfter = performance.now() - startedAt;
      return error;
    });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await failed).toBeInstanceOf(StorageUnavailable);
    expect(failedAfter).toBeCloseTo(2_500, -2);
    expect(scripted.attempts).toBeGreaterThan(10);
  });

  it.each<RetryClass>(['read', 'idempotent', 'write'])(
    'until a database is back that was unreachable for two seconds: %s',
    async (retryClass) => {
      const back = performance.now() + 2_000;
      // Each has a circuit breaker of its own, as if it were the first to fail.
      const statements = Array.from({ length: 100 }, () =>
        databaseOn(async () => {
          if (performance.now() < back) throw unreachable;
          return ['row'];
        }).query(queryOf(retryClass), { owner: 'alice' }),
      );
      const outcomes = Promise.allSettled(statements);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(new Set((await outcomes).map(({ status }) => status))).toEqual(new Set(['fulfilled']));
    },
  );

  it('a statement whose outcome is unknown after it could not be sent for a while', async () => {
    const scripted = new Scripted([unreachable, unreachable, unreachable, unreachable, lost]);
    expect(await scripted.outcome('read')).toEqual(['row']);
  });
});

describe('the database does not retry', () => {
  it('a write that may have taken effect, and reports that in the error', async () => {
    const scripted = new Scripted([lost]);
    expect(await scripted.outcome('write')).toMatchObject({ mayHaveTakenEffect: true, cause: lost });
    expect(scripted.attempts).toBe(1);
  });

  it.each<RetryClass>(['read', 'idempotent', 'write'])('a statement that was too slow: %s', async (retryClass) => {
    const scripted = new Scripted([tooSlow]);
    expect(await scripted.outcome(retryClass)).toMatchObject({ mayHaveTakenEffect: false, cause: tooSlow });
    expect(scripted.attempts).toBe(1);
  });

  it('a statement that failed three times after it was sent', async () => {
    const scripted = new Scripted([lost, lost, lost]);
    expect(await scripted.outcome('idempotent')).toMatchObject({ mayHaveTakenEffect: true });
    expect(scripted.attempts).toBe(3);
  });

  it('more than one in ten statements once the retry budget is used', async () => {
    let attempts = 0;
    const database = databaseOn(async () => {
      attempts++;
      throw deadlock;
    });
    for (let statements = 0; statements < 100; statements++) {
      const outcome = database.query(queryOf('read'), { owner: 'alice' }).catch(() => {});
      await vi.advanceTimersByTimeAsync(3_000);
      await outcome;
    }
    expect(attempts).toBeLessThan(165);
  });

  it.each<[string, Error]>([
    ['a bug', new TypeError('x is not a function')],
    ['an aborted call', new CallAborted('The request has ended')],
  ])('%s, and passes the error on', async (_what, error) => {
    const scripted = new Scripted([error]);
    expect(await scripted.outcome('read')).toBe(error);
    expect(scripted.attempts).toBe(1);
  });

  it('a statement with a value that the database cannot store', async () => {
    expect(await new Scripted([serverError('22021')]).outcome('idempotent')).toBeInstanceOf(UnstorableValue);
  });
});

describe('the circuit breaker of the database', () => {
  const failing = () => new Scripted(Array.from({ length: 100 }, () => unreachable));

  it('fails statements at once after a while without a connection, and closes after a success', async () => {
    const scripted = failing();
    await scripted.outcome('read');
    await scripted.outcome('read');
    expect(scripted.database.load.isBreakerOpen).toBe(true);
    const before = scripted.attempts;
    const rejected = await Promise.allSettled(
      Array.from({ length: 10 }, () => scripted.database.retry('read', async () => 'result')),
    );
    expect(scripted.attempts).toBe(before);
    expect(rejected.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);

    await vi.advanceTimersByTimeAsync(1_000);
    expect(await scripted.database.retry('read', async () => 'result')).toBe('result');
    expect(await scripted.database.retry('read', async () => 'result')).toBe('result');
    expect(scripted.database.load.isBreakerOpen).toBe(false);
  });

  it('lets probes through while it is open, and closes after one that succeeded', async () => {
    const scripted = failing();
    await scripted.outcome('read');
    await scripted.outcome('read');
    await expect(scripted.database.probe(queryOf('read'), { owner: '' })).rejects.toBe(unreachable);
    expect(scripted.database.load.isBreakerOpen).toBe(true);

    scripted.errors.length = 0;
    expect(await scripted.database.probe(queryOf('read'), { owner: '' })).toEqual(['row']);
    expect(scripted.database.load.isBreakerOpen).toBe(false);
  });

  it('ignores a wait for a connection of the pool that is in use', async () => {
    const scripted = new Scripted(Array.from({ length: 100 }, () => poolTimeout));
    await scripted.outcome('write');
    await scripted.outcome('write');
    expect(scripted.database.load.isBreakerOpen).toBe(false);
  });
});

it('sends a long Retry-After when an operator has to free space', async () => {
  const { database } = new Scripted([serverError('53100')]);
  const full = { retryAfter: 30, mayHaveTakenEffect: false };
  await expect(database.query(queryOf('write'), { owner: 'alice' })).rejects.toMatchObject(full);
  expect(database.isFull).toBe(true);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(database.isFull).toBe(false);
});
