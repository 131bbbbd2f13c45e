import { describe, expect, it } from 'vitest';
import { NotSent } from '../../src/infrastructure/postgres/database-errors.ts';
import { OwnerTurns } from '../../src/infrastructure/postgres/owner-turns.ts';

/** A statement that ends when it is told to. */
function held() {
  let resolve!: (answer: string) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<string>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { send: () => promise, resolve, reject };
}

const ofServer = (code: string) => Object.assign(new Error('it failed'), { code, severity: 'ERROR' });

describe('the turns of owners', () => {
  it('are told to the others of the same owner, until they are over', async () => {
    const turns = new OwnerTurns(2);
    const statement = held();
    const led = turns.lead('alice', statement.send);
    const turn = turns.of('alice');
    expect(turn).toBeDefined();
    expect(turns.of('bob')).toBeUndefined();
    statement.resolve('done');
    expect(await led).toBe('done');
    await turn;
    expect(turns.of('alice')).toBeUndefined();
  });

  it.each([
    ['went wrong by itself', ofServer('22021'), undefined],
    ['waited too long', ofServer('55P03'), NotSent],
    ['was lost', new Error('Connection terminated unexpectedly'), NotSent],
  ])('send the others on, or away, when one %s', async (_what, error, outcome) => {
    const turns = new OwnerTurns(2);
    const statement = held();
    const led = turns.lead('alice', statement.send).catch((reason: unknown) => reason);
    const turn = turns.of('alice')?.catch((reason: unknown) => reason);
    statement.reject(error);
    expect(await led).toBe(error);
    const settled = await turn;
    if (outcome === undefined) expect(settled).toBeUndefined();
    else expect(settled).toBeInstanceOf(outcome);
    expect(turns.of('alice')).toBeUndefined();
  });

  it('are few at a time, and the next begins when one is over, however it ended', async () => {
    const turns = new OwnerTurns(1);
    const [first, second] = [held(), held()];
    let hasBegun = false;
    const one = turns.lead('alice', first.send).catch(() => 'failed');
    const two = turns.lead('bob', () => {
      hasBegun = true;
      return second.send();
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(hasBegun).toBe(false);
    first.reject(new Error('x'));
    expect(await one).toBe('failed');
    second.resolve('done');
    expect(await two).toBe('done');
    expect(await turns.alone(async () => 'free again')).toBe('free again');
  });
});
