import type { Cell } from '../measure/results.ts';
import { median, pairedRatio, type Ratio } from '../measure/statistics.ts';
import type { Compared } from '../targets/compared.ts';
import { GOALS } from './goal-list.ts';

/** One closed-loop measurement. */
export interface Side {
  readonly target: string;
  readonly workload: Compared;
  readonly clients: number;
}

/** A bound for the ratio of two measurements of the same round. */
export interface Goal {
  readonly one: Side;
  readonly other: Side;
  readonly figure: 'perSecond' | 'p50';
  /** `perSecond`: lower bound. `p50`: upper bound. */
  readonly bound: number;
}

export type Verdict = 'reached' | 'median only' | 'not reached' | 'not measured';

export interface Outcome {
  readonly goal: Goal;
  readonly ratio: Ratio | undefined;
  readonly verdict: Verdict;
  /** Whether the load generator limited a side, which may then be faster than measured. */
  readonly limited: { readonly one: boolean; readonly other: boolean };
}

/** CPU use from which the load generator counts as the limit. */
export const BUSY = 0.9;

export const outcomesOf = (cells: readonly Cell[], goals: readonly Goal[] = GOALS): readonly Outcome[] =>
  goals.map((goal) => outcomeOf(goal, cells));

function outcomeOf(goal: Goal, cells: readonly Cell[]): Outcome {
  const [ones, others] = [cellsOf(goal.one, cells), cellsOf(goal.other, cells)];
  const pairs = ones.flatMap((one) =>
    others
      .filter(({ round }) => round === one.round)
      .map((other) => [figureOf(one, goal), figureOf(other, goal)] as const),
  );
  const ratio = pairedRatio(pairs);
  return {
    goal,
    ratio,
    verdict: verdictOf(ratio, (value) => isWithin(goal, value)),
    limited: { one: isLimited(ones), other: isLimited(others) },
  };
}

const cellsOf = ({ target, workload, clients }: Side, cells: readonly Cell[]): readonly Cell[] =>
  cells.filter(
    (cell) =>
      cell.target === target && cell.workload === workload && cell.connections === clients && cell.pace === undefined,
  );

const figureOf = ({ measured }: Cell, { figure }: Goal): number =>
  figure === 'p50' ? measured.latency.p50 : measured.perSecond;

const isWithin = ({ figure, bound }: Goal, value: number): boolean =>
  figure === 'p50' ? value <= bound : value >= bound;

/** A goal is reached only if the whole interval is within the bound. Without an interval it is not reached. */
export function verdictOf(ratio: Ratio | undefined, isWithinBound: (value: number) => boolean): Verdict {
  if (ratio === undefined) return 'not measured';
  if (!isWithinBound(ratio.median)) return 'not reached';
  return ratio.interval?.every(isWithinBound) ? 'reached' : 'median only';
}

const isLimited = (cells: readonly Cell[]): boolean =>
  cells.length > 0 && median(cells.map(({ measured }) => measured.generator.busy)) > BUSY;
