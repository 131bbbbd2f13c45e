import { describe, expect, it } from 'vitest';
import type { Cell } from '../../bench/measure/results.ts';
import { GOALS } from '../../bench/report/goal-list.ts';
import { type Goal, outcomesOf } from '../../bench/report/goals.ts';

const side = (target: string) => ({ target, workload: 'read', clients: 32 }) as const;
const THROUGHPUT: Goal = { one: side('service'), other: side('textbook'), figure: 'perSecond', bound: 2 };
const RESPONSE_TIME: Goal = { ...THROUGHPUT, figure: 'p50', bound: 1.05 };

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
  it('for throughput is reached if the lower end of the interval is within the bound', () => {
    expect(verdict(THROUGHPUT, [2, 2.1, 2.2, 2.3, 2.4])).toBe('reached');
    expect(verdict(THROUGHPUT, [1.9, 2.1, 2.2, 2.3, 2.4])).toBe('median only');
    expect(verdict(THROUGHPUT, [1.7, 1.8, 1.9, 2.3, 2.4])).toBe('not reached');
  });

  it('for response times is reached if the upper end of the interval is within the bound', () => {
    expect(verdict(RESPONSE_TIME, [0.8, 0.9, 1, 1.02, 1.05])).toBe('reached');
    expect(verdict(RESPONSE_TIME, [0.8, 0.9, 1, 1.02, 1.1])).toBe('median only');
    expect(verdict(RESPONSE_TIME, [1, 1.02, 1.06, 1.1, 1.2])).toBe('not reached');
  });

  it('is not reached without an interval', () => {
    expect(verdict(THROUGHPUT, [9, 9, 9])).toBe('median only');
    expect(verdict(THROUGHPUT, [])).toBe('not measured');
  });

  it('compares only closed-loop measurements of the same round, workload and number of clients', () => {
    const others = [
      { ...cell(0, 'textbook', 1), pace: 'half' as const },
      { ...cell(0, 'textbook', 1), connections: 1 },
      { ...cell(0, 'textbook', 1), workload: 'list' as const },
      cell(1, 'textbook', 1),
    ];
    expect(outcomesOf([cell(0, 'service', 300), ...others], [THROUGHPUT])[0]?.verdict).toBe('not measured');
  });

  it('marks where the load generator was the limit', () => {
    const cells = [cell(0, 'service', 300, 0.95), cell(0, 'textbook', 100)];
    expect(outcomesOf(cells, [THROUGHPUT])[0]?.limited).toEqual({ one: true, other: false });
  });

  it('is listed once', () => {
    expect(new Set(GOALS.map((goal) => JSON.stringify(goal))).size).toBe(GOALS.length);
  });
});
