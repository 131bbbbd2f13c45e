import type { DataSetSize } from '../database/data-set.ts';
import { COMPARED, type Compared } from '../targets/compared.ts';
import { isVariant, TARGETS, type Target, VARIANTS } from '../targets/targets.ts';
import { type Kind, STANDARDS } from './standards.ts';

/** Which share of its own maximum a program is asked for; `common` is half of the slowest one's, for all. */
export type Pace = 'half' | 'most' | 'common';

export interface Plan {
  readonly kind: Kind;
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
  /** Of these, those with which the variants of the service are measured. */
  readonly variantConcurrencies: (workload: Compared) => readonly number[];
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

/** @throws for a name that there is not */
export function planOf(kind: Kind, options: PlanOptions): Plan {
  const standard = STANDARDS[kind];
  const { concurrencies, connections } = options;
  // Their variants are too many for a quick run, unless somebody asks for them.
  const names = options.targets ?? (kind === 'quick' ? TARGETS.map(({ name }) => name) : undefined);
  const targets = named([...TARGETS, ...VARIANTS], ({ name }) => name, names);
  return {
    ...standard,
    rounds: options.rounds ?? standard.rounds,
    minutes: options.minutes ?? standard.minutes,
    seconds: options.seconds ?? standard.seconds,
    warmUpSeconds: options.warmUpSeconds ?? standard.warmUpSeconds,
    targets: connections === undefined ? targets : targets.map((target) => ({ ...target, connections })),
    workloads: named<Compared>(COMPARED, (name) => name, options.workloads),
    ...(concurrencies !== undefined && {
      concurrencies: () => concurrencies,
      variantConcurrencies: () => concurrencies,
    }),
    processor: options.processor,
  };
}

/** Whether a program, with so many clients, is a part of the plan. */
export function isAsked({ variantConcurrencies }: Plan, target: Target, workload: Compared, clients: number): boolean {
  if (target.workloads?.includes(workload) === false) return false;
  return !isVariant(target.name) || variantConcurrencies(workload).includes(clients);
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
