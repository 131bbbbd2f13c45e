import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { atEndOfTurn } from '../../src/infrastructure/postgres/end-of-turn.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setImmediate', 'clearImmediate'] }));
afterEach(() => void vi.useRealTimers());

it('calls when the turn ends, and what is asked for meanwhile as well', () => {
  const called: string[] = [];
  atEndOfTurn(() => {
    called.push('first');
    atEndOfTurn(() => void called.push('meanwhile'));
  });
  atEndOfTurn(() => void called.push('second'));
  expect(called).toEqual([]);
  vi.advanceTimersToNextTimer();
  expect(called).toEqual(['first', 'second', 'meanwhile']);
});

it('calls the others, and those of later turns, when one throws, and hides nothing', () => {
  const called: string[] = [];
  atEndOfTurn(() => {
    throw new Error('of one');
  });
  atEndOfTurn(() => void called.push('other'));
  expect(() => vi.advanceTimersToNextTimer()).toThrow('of one');
  atEndOfTurn(() => void called.push('meanwhile'));
  vi.advanceTimersToNextTimer();
  atEndOfTurn(() => void called.push('later'));
  vi.advanceTimersToNextTimer();
  expect(called).toEqual(['other', 'meanwhile', 'later']);
});
