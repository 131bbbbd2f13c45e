import type { Cell } from '../measure/results.ts';
import { median, pairedRatio, type Ratio } from '../measure/statistics.ts';
import type { Compared } from '../targets/compared.ts';
import { GOALS } from './goal-list.ts';

/** What is measured of one program, in the closed loop. */
export interface Side {
  readonly target: string;
  readonly workload: Compared;
  readonly clients: number;
}

/** How many times the figure of one side that of the other is, and should be. */
export interface Goal {
  readonly one: Side;
  readonly other: Side;
  readonly figure: 'perSecond' | 'p50';
  /** Of throughput at least, of latency at most. */
  readonly bound: number;
}

export type Verdict = 'reached' | 'in the median only' | 'not reached' | 'not measured';

export interface Outcome {
  readonly goal: Goal;
  readonly ratio: Ratio | undefined;
  readonly verdict: Verdict;
  /** Sides of which the load generator may have been the limit: they could be faster than was seen. */
  readonly held: { readonly one: boolean; readonly other: boolean };
}

/** Of one processor. Above, the generator had no time to spare. */
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
    verdict: verdictOf(ratio, (value) => keeps(goal, value)),
    held: { one: isHeld(ones), other: isHeld(others) },
  };
}

const cellsOf = ({ target, workload, clients }: Side, cells: readonly Cell[]): readonly Cell[] =>
  cells.filter(
    (cell) =>
      cell.target === target && cell.workload === workload && cell.connections === clients && cell.pace === undefined,
  );

const figureOf = ({ measured }: Cell, { figure }: Goal): number =>
  figure === 'p50' ? measured.latency.p50 : measured.perSecond;

const keeps = ({ figure, bound }: Goal, value: number): boolean => (figure === 'p50' ? value <= bound : value >= bound);

/** Reached is only what is so with the whole interval; where there is none, nothing is. */
export function verdictOf(ratio: Ratio | undefined, keeps: (value: number) => boolean): Verdict {
  if (ratio === undefined) return 'not measured';
  if (!keeps(ratio.median)) return 'not reached';
  return ratio.interval?.every(keeps) ? 'reached' : 'in the median only';
}

const isHeld = (cells: readonly Cell[]): boolean =>
  cells.length > 0 && median(cells.map(({ measured }) => measured.generator.busy)) > BUSY;
