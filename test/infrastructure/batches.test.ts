import { describe, expect, it } from 'vitest';
import { Batches } from '../../src/infrastructure/postgres/batches.ts';
import { NotSent } from '../../src/infrastructure/postgres/database-errors.ts';

/** Sends whole batches, and answers them when it is told to. */
class Held {
  readonly sent: (readonly string[])[] = [];
  readonly alone: string[] = [];
  readonly batches: Batches<string, string>;
  readonly #pending: { resolve: (answers: string[]) => void; reject: (error: unknown) => void }[] = [];

  constructor({ atOnce = 1, keyed = false } = {}) {
    this.batches = new Batches<string, string>({
      atOnce,
      ...(keyed && { keyOf: ([key = '']) => key }),
      send: (items) => {
        this.sent.push(items);
        return new Promise((resolve, reject) => this.#pending.push({ resolve, reject }));
      },
      sendAlone: async (item) => {
        this.alone.push(item);
        if (item === 'bad') throw new Error('bad alone');
        return `${item} alone`;
      },
      isOfOneMember: (error) => (error as Error).message === 'no effect',
    });
  }

  /** The oldest batch that is under way is answered. */
  async answer(error?: Error): Promise<void> {
    const answered = this.sent[this.sent.length - this.#pending.length] ?? [];
    const pending = this.#pending.shift();
    if (error) pending?.reject(error);
    else pending?.resolve(answered.map((item) => `${item}!`));
    await turn();
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('batches', () => {
  it('have one member who waits for nobody', async () => {
    const held = new Held();
    const answer = held.batches.ask('a');
    expect(held.sent).toEqual([]);
    await turn();
    expect(held.sent).toEqual([['a']]);
    await held.answer();
    expect(await answer).toBe('a!');
  });

  it('have all that was asked for in a turn, and give each its answer', async () => {
    const held = new Held();
    const answers = ['a', 'b', 'a', 'c'].map((item) => held.batches.ask(item));
    await turn();
    expect(held.sent).toEqual([['a', 'b', 'a', 'c']]);
    await held.answer();
    expect(await Promise.all(answers)).toEqual(['a!', 'b!', 'a!', 'c!']);
  });

  it('collect what comes while others are under way, and leave when one of them has returned', async () => {
    const held = new Held({ atOnce: 2 });
    for (const item of ['a', 'b', 'c', 'd']) {
      held.batches.ask(item);
      await turn();
    }
    expect(held.sent).toEqual([['a'], ['b']]);
    await held.answer();
    expect(held.sent).toEqual([['a'], ['b'], ['c', 'd']]);
  });

  it('have no more than 64 members', async () => {
    const held = new Held();
    for (let n = 0; n < 150; n++) held.batches.ask(String(n));
    await turn();
    await held.answer();
    await held.answer();
    expect(held.sent.map(({ length }) => length)).toEqual([64, 64, 22]);
    expect(held.sent.flat()).toEqual(Array.from({ length: 150 }, (_, n) => String(n)));
  });

  it('never have two members with one key: the later one waits, and is not overtaken', async () => {
    const held = new Held({ keyed: true });
    for (const item of ['a1', 'a2', 'b1', 'a3']) held.batches.ask(item);
    await turn();
    await held.answer();
    await held.answer();
    expect(held.sent).toEqual([['a1', 'b1'], ['a2'], ['a3']]);
  });

  it('are sent one by one when they failed without effect, so that only who is to blame fails', async () => {
    const held = new Held();
    const answers = Promise.allSettled(['a', 'bad', 'c'].map((item) => held.batches.ask(item)));
    await turn();
    await held.answer(new Error('no effect'));
    expect(await answers).toEqual([
      { status: 'fulfilled', value: 'a alone' },
      { status: 'rejected', reason: new Error('bad alone') },
      { status: 'fulfilled', value: 'c alone' },
    ]);
  });

  it('fail as a whole when nobody knows what became of them', async () => {
    const held = new Held();
    const answers = Promise.allSettled(['a', 'b'].map((item) => held.batches.ask(item)));
    await turn();
    await held.answer(new Error('lost'));
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(held.alone).toEqual([]);
  });

  it('do not send a member again that was alone already', async () => {
    const held = new Held();
    const answer = held.batches.ask('a').catch((error: Error) => error.message);
    await turn();
    await held.answer(new Error('no effect'));
    expect(await answer).toBe('no effect');
    expect(held.alone).toEqual([]);
  });

  it('go on after one that failed', async () => {
    const held = new Held();
    held.batches.ask('a').catch(() => {});
    await turn();
    await held.answer(new Error('lost'));
    const next = held.batches.ask('b');
    await turn();
    await held.answer();
    expect(await next).toBe('b!');
  });

  it('turn those away who waited for one that was lost, who were not sent themselves', async () => {
    const held = new Held();
    held.batches.ask('a').catch(() => {});
    await turn();
    const waiting = held.batches.ask('b').catch((error: unknown) => error);
    await held.answer(new Error('lost'));
    expect(await waiting).toBeInstanceOf(NotSent);
    expect(held.sent).toEqual([['a']]);
  });

  it('go on with those who waited for one that failed by itself', async () => {
    const held = new Held();
    held.batches.ask('a').catch(() => {});
    await turn();
    const waiting = held.batches.ask('b');
    await held.answer(new Error('no effect'));
    await held.answer();
    expect(await waiting).toBe('b!');
  });

  it('may promise an answer, for which the next batch does not wait', async () => {
    const late = new Promise<string>((resolve) => setTimeout(resolve, 20, 'late'));
    const sent: (readonly string[])[] = [];
    const batches = new Batches<string, string>({
      atOnce: 1,
      send: async (items) => {
        sent.push(items);
        return items.map(() => late);
      },
      sendAlone: async () => 'alone',
      isOfOneMember: () => false,
    });
    const first = batches.ask('a');
    await turn();
    const second = batches.ask('b');
    await turn();
    expect(sent).toEqual([['a'], ['b']]);
    expect(await Promise.all([first, second])).toEqual(['late', 'late']);
  });
});
