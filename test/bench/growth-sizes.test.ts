import { describe, expect, it } from 'vitest';
import { countOf, type DataSetSize, totalOf } from '../../bench/database/data-set.ts';
import { BIG_TASKS, bigOf, SMALL } from '../../bench/database/growth-sizes.ts';
import { deepestPage, PAGE } from '../../bench/load/cursors.ts';

const sum = (size: DataSetSize): number =>
  Array.from({ length: size.users }, (_, user) => countOf(size, user)).reduce((total, count) => total + count, 0);

describe('the databases of a growth run', () => {
  it('have ten thousand and ten million tasks, a million of them of one user', () => {
    expect([sum(SMALL), totalOf(SMALL)]).toEqual([10_000, 10_000]);
    const big = bigOf(BIG_TASKS);
    expect([sum(big), totalOf(big), big.big]).toEqual([BIG_TASKS, BIG_TASKS, 1_000_000]);
    expect(deepestPage(big)).toBe(10_000);
  });

  it.each([20_000, 200_000, 1_234_567])('may have %d tasks and then have fewer pages', (tasks) => {
    const size = bigOf(tasks);
    expect(sum(size)).toBe(tasks);
    expect(deepestPage(size)).toBe(Math.floor(size.big / PAGE));
  });

  it.each([SMALL, bigOf(20_000), bigOf(BIG_TASKS)])('have complete pages for every quiet user', (size) => {
    expect(size.quiet).toBeLessThanOrEqual(size.large);
    expect(size.perLarge).toBeGreaterThan(PAGE);
    expect(size.big).toBeGreaterThan(PAGE);
  });

  it('reject a size that is too small', () => {
    expect(() => bigOf(1_000)).toThrow('--tasks');
  });
});
