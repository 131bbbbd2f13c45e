import { describe, expect, it } from 'vitest';
import { median, pairedRatio } from '../../bench/measure/statistics.ts';

describe('the median', () => {
  it.each([
    [[3], 3],
    [[4, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

describe('a paired ratio', () => {
  it('is independent of disturbances of whole rounds', () => {
    const rounds = [1, 10, 3, 7, 2, 5, 4].map((speed) => [2 * speed, speed] as const);
    expect(pairedRatio(rounds)).toEqual({ median: 2, interval: [2, 2] });
  });

  it('has a wide interval if the rounds differ', () => {
    const ratio = pairedRatio([1.1, 0.8, 1.3, 0.9, 1.2, 1, 1.05].map((one) => [one, 1] as const));
    expect(ratio?.median).toBe(1.05);
    const [low = 0, high = 0] = ratio?.interval ?? [];
    expect(low).toBeGreaterThanOrEqual(0.8);
    expect(low).toBeLessThan(1);
    expect(high).toBeGreaterThan(1.1);
    expect(high).toBeLessThanOrEqual(1.3);
  });

  it('has no interval with few rounds', () => {
    expect(pairedRatio([[2, 1] as const, [4, 1] as const])).toEqual({ median: 3, interval: undefined });
  });

  it('is undefined without measurements', () => {
    expect(pairedRatio([])).toBeUndefined();
    expect(pairedRatio([[1, 0] as const])).toBeUndefined();
  });
});
