import { describe, expect, it } from 'vitest';
import type { Cell } from '../../bench/measure/results.ts';
import { GOALS } from '../../bench/report/goal-list.ts';
import { type Goal, outcomesOf } from '../../bench/report/goals.ts';

const side = (target: string) => ({ target, workload: 'read', clients: 32 }) as const;
const FASTER: Goal = { one: side('service'), other: side('textbook'), figure: 'perSecond', bound: 2 };
const NO_LATER: Goal = { ...FASTER, figure: 'p50', bound: 1.05 };

const cell = (round: number, target: string, value: number, busy = 0.5): Cell => ({
  round,
  target,
  workload: 'read',
  connections: 32,
  measured: {
    requests: 1,
    perSecond: value,
    errors: 0,
    problems: [],
    latency: { p50: value, p99: 0, p999: 0 },
    cpu: { program: undefined, postgres: undefined, generator: undefined },
    generator: { busy },
  },
});

const rounds = (ratios: readonly number[]): Cell[] =>
  ratios.flatMap((ratio, round) => [cell(round, 'service', ratio * 100), cell(round, 'textbook', 100)]);

const verdict = (goal: Goal, ratios: readonly number[]) => outcomesOf(rounds(ratios), [goal])[0]?.verdict;

describe('a goal', () => {
  it('of throughput is reached only with the lower end of the interval', () => {
    expect(verdict(FASTER, [2, 2.1, 2.2, 2.3, 2.4])).toBe('reached');
    expect(verdict(FASTER, [1.9, 2.1, 2.2, 2.3, 2.4])).toBe('in the median only');
    expect(verdict(FASTER, [1.7, 1.8, 1.9, 2.3, 2.4])).toBe('not reached');
  });

  it('of latency is reached only with the upper end', () => {
    expect(verdict(NO_LATER, [0.8, 0.9, 1, 1.02, 1.05])).toBe('reached');
    expect(verdict(NO_LATER, [0.8, 0.9, 1, 1.02, 1.1])).toBe('in the median only');
    expect(verdict(NO_LATER, [1, 1.02, 1.06, 1.1, 1.2])).toBe('not reached');
  });

  it('is not reached by rounds that are too few for an interval', () => {
    expect(verdict(FASTER, [9, 9, 9])).toBe('in the median only');
    expect(verdict(FASTER, [])).toBe('not measured');
  });

  it('compares nothing but the closed loop of the same round, workload and clients', () => {
    const others = [
      { ...cell(0, 'textbook', 1), pace: 'half' as const },
      { ...cell(0, 'textbook', 1), connections: 1 },
      { ...cell(0, 'textbook', 1), workload: 'list' as const },
      cell(1, 'textbook', 1),
    ];
    expect(outcomesOf([cell(0, 'service', 300), ...others], [FASTER])[0]?.verdict).toBe('not measured');
  });

  it('tells where the load generator was the limit', () => {
    const cells = [cell(0, 'service', 300, 0.95), cell(0, 'textbook', 100)];
    expect(outcomesOf(cells, [FASTER])[0]?.held).toEqual({ one: true, other: false });
  });

  it('is each there once', () => {
    expect(new Set(GOALS.map((goal) => JSON.stringify(goal))).size).toBe(GOALS.length);
  });
});
