import type { Knex } from 'knex';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StorageUnavailable, UnstorableValue } from '../../src/application/ports.ts';
import { type Effect, GuardedDatabase } from '../../src/infrastructure/postgres/database.ts';
import { ConnectionFailed } from '../../src/infrastructure/postgres/resilience/errors.ts';

const pool = { max: 1, numPendingCreates: () => 0, numUsed: () => 0, numFree: () => 0 };
const knex = { client: { pool } } as unknown as Knex;

const ofServer = (code: string) => Object.assign(new Error('it failed'), { code, severity: 'ERROR' });
const unreachable = new ConnectionFailed('', { cause: new Error('connect ECONNREFUSED') });
const poolTimeout = Object.assign(new Error('Timeout acquiring a connection'), { name: 'KnexTimeoutError' });
const lost = new Error('Connection terminated unexpectedly');
const deadlock = ofServer('40P01');
const tooSlow = ofServer('57014');

/** A database that fails as it is told to, one error for each attempt, and then answers. */
class Scripted {
  readonly database: GuardedDatabase;
  attempts = 0;
  readonly #errors: unknown[];

  constructor(errors: unknown[], on = knex) {
    this.database = new GuardedDatabase(on);
    this.#errors = errors;
  }

  /** The answer, or the error that became of it. */
  async outcome(effect: Effect): Promise<unknown> {
    const running = this.database
      .run(effect, async () => {
        this.attempts++;
        if (this.#errors.length > 0) throw this.#errors.shift();
        return 'answer';
      })
      .catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(10_000);
    return running;
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a statement is sent again', () => {
  it.each<[string, unknown, Effect]>([
    ['a read, when nothing was sent', unreachable, 'read'],
    ['a create, when nothing was sent', unreachable, 'create'],
    ['a write, when nothing was sent', unreachable, 'write'],
    ['a read, when it was rolled back', deadlock, 'read'],
    ['a create, when it was rolled back', deadlock, 'create'],
    ['a write, when it was rolled back', deadlock, 'write'],
    ['a read, when its answer was lost', lost, 'read'],
    ['a create, when its answer was lost', lost, 'create'],
  ])('%s', async (_case, error, effect) => {
    const scripted = new Scripted([error, error]);
    expect(await scripted.outcome(effect)).toBe('answer');
    expect(scripted.attempts).toBe(3);
  });

  it('as often as fits into its time, when nothing was sent', async () => {
    const scripted = new Scripted(Array.from({ length: 1_000 }, () => unreachable));
    expect(await scripted.outcome('write')).toBeInstanceOf(StorageUnavailable);
    expect(scripted.attempts).toBeGreaterThan(4);
  });

  it.each<Effect>(['read', 'create', 'write'])(
    'until a database is back that was away for two seconds: %s',
    async (effect) => {
      const back = performance.now() + 2_000;
      // Each has a guard of its own, as if it were the first to be refused.
      const statements = Array.from({ length: 100 }, () =>
        new GuardedDatabase(knex).run(effect, async () => {
          if (performance.now() < back) throw unreachable;
          return 'answer';
        }),
      );
      const outcomes = Promise.allSettled(statements);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(new Set((await outcomes).map(({ status }) => status))).toEqual(new Set(['fulfilled']));
    },
  );

  it('also when its answer was lost after it could not be sent for a while', async () => {
    const scripted = new Scripted([unreachable, unreachable, unreachable, unreachable, lost]);
    expect(await scripted.outcome('read')).toBe('answer');
  });

  it.each([
    ['once more for as long as the first connection is being made', 1, 'answer'],
    ['not after a wait for one of many connections', 0, expect.any(StorageUnavailable)],
  ])('%s', async (_case, connecting, outcome) => {
    const database = new GuardedDatabase({
      client: { pool: { ...pool, numPendingCreates: () => connecting } },
    } as unknown as Knex);
    let waits = 0;
    const running = database
      .run('write', async () => {
        if (++waits > 1) return 'answer';
        await new Promise((resolve) => setTimeout(resolve, 3_000));
        throw poolTimeout;
      })
      .catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await running).toEqual(outcome);
  });
});

describe('a statement is not sent again', () => {
  it('when it is a write that may have taken effect, and the error says so', async () => {
    const scripted = new Scripted([lost]);
    expect(await scripted.outcome('write')).toMatchObject({ mayHaveTakenEffect: true, cause: lost });
    expect(scripted.attempts).toBe(1);
  });

  it.each<Effect>(['read', 'create', 'write'])('when it was too slow: %s', async (effect) => {
    const scripted = new Scripted([tooSlow]);
    expect(await scripted.outcome(effect)).toMatchObject({ mayHaveTakenEffect: false, cause: tooSlow });
    expect(scripted.attempts).toBe(1);
  });

  it('more than twice when it fails on its way', async () => {
    const scripted = new Scripted([lost, lost, lost]);
    expect(await scripted.outcome('create')).toMatchObject({ mayHaveTakenEffect: true });
    expect(scripted.attempts).toBe(3);
  });

  it('when too much is being repeated already', async () => {
    const database = new GuardedDatabase(knex);
    let attempts = 0;
    const failing = async () => {
      attempts++;
      throw deadlock;
    };
    for (let statements = 0; statements < 100; statements++) {
      const outcome = database.run('read', failing).catch(() => {});
      await vi.advanceTimersByTimeAsync(3_000);
      await outcome;
    }
    expect(attempts).toBeLessThan(165);
  });

  it('when it is our mistake, which stays what it is', async () => {
    const mistake = new TypeError('x is not a function');
    expect(await new Scripted([mistake]).outcome('read')).toBe(mistake);
  });

  it('when the database cannot keep a value', async () => {
    expect(await new Scripted([ofServer('22021')]).outcome('create')).toBeInstanceOf(UnstorableValue);
  });
});

it('refuses at once when too many wait', async () => {
  const database = new GuardedDatabase(knex);
  const forever = new Promise(() => {});
  for (let waiting = 0; waiting < 21; waiting++) database.run('read', () => forever);
  await expect(database.run('read', async () => 'answer')).rejects.toMatchObject({ mayHaveTakenEffect: false });
});

it('refuses at once when the database has not been reached for a while, until it is again', async () => {
  const scripted = new Scripted(Array.from({ length: 100 }, () => unreachable));
  await scripted.outcome('read');
  await scripted.outcome('read');
  const before = scripted.attempts;
  const refusals = Array.from({ length: 10 }, () => scripted.database.run('read', async () => 'answer'));
  const outcomes = await Promise.allSettled(refusals);
  expect(scripted.attempts).toBe(before);
  expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);

  await vi.advanceTimersByTimeAsync(1_000);
  expect(await scripted.database.run('read', async () => 'answer')).toBe('answer');
  expect(await scripted.database.run('read', async () => 'answer')).toBe('answer');
});

it('asks for patience when an operator has to make room', async () => {
  const scripted = new Scripted([ofServer('53100')]);
  expect(await scripted.outcome('write')).toMatchObject({ retryAfter: 30, mayHaveTakenEffect: false });
});
