import { type DataSetSize, SIZES } from '../database/data-set.ts';
import { COMPARED, type Compared, TARGETS, type Target } from '../targets/targets.ts';

/** Which share of its own maximum a program is asked for; `common` is half of the slowest one's, for all. */
export type Pace = 'half' | 'most' | 'common';

export interface Plan {
  readonly kind: 'quick' | 'full';
  readonly size: DataSetSize;
  readonly rounds: number;
  /** No round begins that would end later, as far as can be told. The first one always runs. */
  readonly minutes: number;
  /** Of each program, once a round. */
  readonly startUpSeconds: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly targets: readonly Target[];
  readonly workloads: readonly Compared[];
  readonly concurrencies: (workload: Compared) => readonly number[];
  /** Which are measured by an open loop, too. */
  readonly paces: (workload: Compared) => readonly Pace[];
  readonly processor: number | undefined;
}

export interface PlanOptions {
  readonly rounds?: number | undefined;
  readonly minutes?: number | undefined;
  readonly seconds?: number | undefined;
  readonly warmUpSeconds?: number | undefined;
  readonly targets?: readonly string[] | undefined;
  readonly workloads?: readonly string[] | undefined;
  readonly concurrencies?: readonly number[] | undefined;
  readonly connections?: number | undefined;
  readonly processor?: number | undefined;
}

const QUICK = {
  kind: 'quick',
  size: SIZES.quick,
  rounds: 3,
  minutes: 2.8,
  startUpSeconds: 1,
  warmUpSeconds: 0.1,
  seconds: 0.3,
  concurrencies: (workload: Compared) => (['read', 'create'].includes(workload) ? [1, 32, 128] : [32]),
  paces: (workload: Compared): readonly Pace[] => (['read', 'create'].includes(workload) ? ['half', 'most'] : []),
} as const;

const FULL = {
  kind: 'full',
  size: SIZES.full,
  rounds: 7,
  minutes: 24 * 60,
  startUpSeconds: 10,
  warmUpSeconds: 2,
  seconds: 8,
  concurrencies: () => [1, 32, 128],
  paces: (): readonly Pace[] => ['half', 'most', 'common'],
} as const;

/** @throws for a name that there is not */
export function planOf(kind: 'quick' | 'full', options: PlanOptions): Plan {
  const standard = kind === 'quick' ? QUICK : FULL;
  const { concurrencies, connections } = options;
  const targets = named(TARGETS, ({ name }) => name, options.targets);
  return {
    ...standard,
    rounds: options.rounds ?? standard.rounds,
    minutes: options.minutes ?? standard.minutes,
    seconds: options.seconds ?? standard.seconds,
    warmUpSeconds: options.warmUpSeconds ?? standard.warmUpSeconds,
    targets: connections === undefined ? targets : targets.map((target) => ({ ...target, connections })),
    workloads: named<Compared>(COMPARED, (name) => name, options.workloads),
    ...(concurrencies !== undefined && { concurrencies: () => concurrencies }),
    processor: options.processor,
  };
}

function named<T>(all: readonly T[], nameOf: (one: T) => string, names: readonly string[] | undefined): readonly T[] {
  const unknown = names?.find((name) => !all.some((one) => nameOf(one) === name));
  if (unknown !== undefined) throw new Error(`There is no ${unknown}: there are ${all.map(nameOf).join(', ')}`);
  return all.filter((one) => names?.includes(nameOf(one)) ?? true);
}

/** The same ones, beginning with another each time. */
export function rotated<T>(all: readonly T[], by: number): readonly T[] {
  const from = all.length === 0 ? 0 : by % all.length;
  return [...all.slice(from), ...all.slice(0, from)];
}
