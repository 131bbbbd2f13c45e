import { type DataSetSize, SIZES } from '../database/data-set.ts';
import { GOALS } from '../report/goal-list.ts';
import { COMPARED, type Compared, PEER_WORKLOADS } from '../targets/compared.ts';
import { CONSTANT, SERVICE, TARGETS, type Target, targetBefore } from '../targets/targets.ts';

export type Kind = 'quick' | 'medium' | 'full';

/** Rate of an open loop. `half` and `most`: of the program's own maximum. `common`: the same for all programs. */
export type Pace = 'half' | 'most' | 'common';

/** Closed-loop measurements that are compared and therefore run next to each other. */
export interface Group {
  readonly workload: Compared;
  readonly clients: number;
  readonly targets: readonly string[];
}

export interface Plan {
  readonly kind: Kind;
  readonly size: DataSetSize;
  readonly rounds: number;
  /** No round starts that would end later. The first one always runs. */
  readonly minutes: number;
  /** Warm-up of each program once per round. */
  readonly startUpSeconds: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly targets: readonly Target[];
  readonly groups: readonly Group[];
  /** Open-loop measurements, of the targets of the workload. */
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
  /** Directory of an earlier version of the service. */
  readonly before?: string | undefined;
}

/** The measurements that the goals compare, for these programs and the constant route. */
const GOAL_GROUPS: readonly Group[] = merged([
  { workload: 'read', clients: 32, targets: [CONSTANT.name] },
  ...GOALS.flatMap(({ one, other }) =>
    [one, other].map(({ workload, clients, target }) => ({ workload, clients, targets: [target] })),
  ),
]);

/** All programs with all workloads that they implement. */
const ALL_GROUPS: readonly Group[] = merged([
  ...GOAL_GROUPS,
  ...groupsOf(
    PEER_WORKLOADS.filter((name) => name !== 'toggle-one' && name !== 'first-page'),
    [1, 32, 128],
  ),
]);

const among = (some: readonly Compared[], workload: Compared): boolean => some.includes(workload);

type Standard = Omit<Plan, 'targets' | 'processor'>;

const STANDARDS = {
  quick: {
    kind: 'quick',
    size: SIZES.quick,
    rounds: 3,
    minutes: 2.5,
    startUpSeconds: 0.7,
    warmUpSeconds: 0.1,
    seconds: 0.3,
    groups: GOAL_GROUPS,
    paces: (): readonly Pace[] => [],
  },
  medium: {
    kind: 'medium',
    size: SIZES.quick,
    rounds: 8,
    minutes: 40,
    startUpSeconds: 2,
    warmUpSeconds: 0.4,
    seconds: 1,
    groups: GOAL_GROUPS,
    paces: (workload: Compared): readonly Pace[] => (among(['read', 'create'], workload) ? ['half', 'common'] : []),
  },
  full: {
    kind: 'full',
    size: SIZES.full,
    rounds: 12,
    minutes: 24 * 60,
    startUpSeconds: 5,
    warmUpSeconds: 0.4,
    seconds: 1,
    groups: ALL_GROUPS,
    paces: (workload: Compared): readonly Pace[] =>
      among(['read', 'list-20', 'create', 'complete', 'mixed'], workload) ? ['half', 'most', 'common'] : [],
  },
} as const satisfies Record<Kind, Standard>;

/** @throws for an unknown name */
export function planOf(kind: Kind, options: PlanOptions): Plan {
  const standard = STANDARDS[kind];
  const { concurrencies, connections, before } = options;
  const all = before === undefined ? TARGETS : [...TARGETS, targetBefore(before)];
  const chosen = named(all, ({ name }) => name, options.targets);
  const workloads = named<Compared>(COMPARED, (name) => name, options.workloads);
  const complete = concurrencies === undefined ? standard.groups : groupsOf(workloads, concurrencies);
  const groups = complete
    .map((group) => ({ ...group, targets: [...group.targets, ...earlierVersion(group)] }))
    .map((group) => ({ ...group, targets: group.targets.filter((name) => isChosen(name, chosen)) }))
    .filter(({ workload, targets }) => workloads.includes(workload) && targets.length > 0);
  const targets = chosen.filter(({ name }) => groups.some((group) => group.targets.includes(name)));
  return {
    ...standard,
    rounds: options.rounds ?? standard.rounds,
    minutes: options.minutes ?? standard.minutes,
    seconds: options.seconds ?? standard.seconds,
    warmUpSeconds: options.warmUpSeconds ?? standard.warmUpSeconds,
    targets: connections === undefined ? targets : targets.map((target) => ({ ...target, connections })),
    groups,
    processor: options.processor,
  };
}

const isChosen = (name: string, chosen: readonly Target[]): boolean =>
  name === CONSTANT.name || chosen.some((target) => target.name === name);

/** Not with many writers of one task: an earlier version works on after its 503 and would disturb what follows. */
function earlierVersion({ workload, clients, targets }: Group): string[] {
  const isSafe = workload !== 'toggle-one' || clients === 1;
  return isSafe && targets.includes(SERVICE.name) ? ['before'] : [];
}

/** Each workload with each number of clients, for all programs that implement it. */
function groupsOf(workloads: readonly Compared[], concurrencies: readonly number[]): Group[] {
  return workloads.flatMap((workload) => {
    const targets = TARGETS.filter((target) => target.workloads.includes(workload)).map(({ name }) => name);
    return concurrencies.map((clients) => ({ workload, clients, targets }));
  });
}

function merged(groups: readonly Group[]): Group[] {
  const byKey = new Map<string, Group>();
  for (const group of groups) {
    const key = `${group.workload} ${group.clients}`;
    const targets = [...(byKey.get(key)?.targets ?? []), ...group.targets];
    byKey.set(key, { ...group, targets: [...new Set(targets)] });
  }
  return [...byKey.values()].sort(
    (a, b) => COMPARED.indexOf(a.workload) - COMPARED.indexOf(b.workload) || a.clients - b.clients,
  );
}

function named<T>(all: readonly T[], nameOf: (one: T) => string, names: readonly string[] | undefined): readonly T[] {
  const unknown = names?.find((name) => !all.some((one) => nameOf(one) === name));
  if (unknown !== undefined) throw new Error(`Unknown name ${unknown}. Use one of ${all.map(nameOf).join(', ')}`);
  return all.filter((one) => names?.includes(nameOf(one)) ?? true);
}

/** Rotates the order, so that each round starts with another item. */
export function rotated<T>(all: readonly T[], by: number): readonly T[] {
  const from = all.length === 0 ? 0 : by % all.length;
  return [...all.slice(from), ...all.slice(0, from)];
}
