import type { Side } from '../database/growth-databases.ts';
import type { Growing } from '../measure/growth-plan.ts';
import type { GrowthCell } from '../measure/growth-results.ts';
import { median, pairedRatio } from '../measure/statistics.ts';
import { milliseconds, number, ratio } from './format.ts';
import { verdictOf } from './goals.ts';

/** Upper bound of the relative duration of `BOUNDED`. */
export const BOUND = 1.2;
export const BOUNDED: readonly Growing[] = ['read', 'first-page'];

const WORDS: Record<Growing, string> = {
  read: 'read one task',
  list: 'list of 100',
  'idle-poll': 'empty feed',
  changes: '100 changes',
  create: 'create',
  'first-page': 'page of 100',
  'last-page': 'deep page of 100',
};

/** One side of a ratio. */
export interface Half {
  readonly side: Side;
  readonly workload: Growing;
}

export function lineOf(cells: readonly GrowthCell[], [one, other]: readonly [Half, Half], clients: number): string[] {
  const of = ({ side, workload }: Half) =>
    cells.filter((cell) => cell.side === side && cell.workload === workload && cell.connections === clients);
  const pairs = of(other).flatMap((cell) =>
    of(one)
      .filter(({ round }) => round === cell.round)
      .map(({ measured }) => [measured.perSecond, cell.measured.perSecond] as const),
  );
  const takes = pairedRatio(pairs);
  const figures = [one, other].flatMap((half) => [
    number(medianOf(of(half).map(({ measured }) => measured.perSecond))),
    milliseconds(medianOf(of(half).map(({ measured }) => measured.latency.p50)) ?? Number.NaN),
  ]);
  const verdict = BOUNDED.includes(one.workload) ? verdictOf(takes, (value) => value <= BOUND) : '';
  return [WORDS[one.workload], `${clients}`, ...figures, ratio(takes), verdict];
}

export function medianOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : median(known);
}
