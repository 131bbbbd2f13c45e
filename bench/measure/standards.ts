import { SIZES } from '../database/data-set.ts';
import type { Compared } from '../targets/compared.ts';
import type { Pace } from './plan.ts';

/** What a run is called, and its results are. */
export type Kind = 'quick' | 'medium' | 'full';

const ALL_PACES: readonly Pace[] = ['half', 'most', 'common'];
const among = (some: readonly Compared[], workload: Compared): boolean => some.includes(workload);

const QUICK = {
  kind: 'quick',
  size: SIZES.quick,
  rounds: 3,
  minutes: 2.8,
  startUpSeconds: 1,
  warmUpSeconds: 0.1,
  seconds: 0.3,
  concurrencies: (workload: Compared) => (among(['read', 'create'], workload) ? [1, 32, 128] : [32]),
  variantConcurrencies: (workload: Compared) => (among(['read', 'create'], workload) ? [1, 32, 128] : [32]),
  paces: (workload: Compared): readonly Pace[] => (among(['read', 'create'], workload) ? ['half', 'most'] : []),
} as const;

/** As many rounds as an interval needs, and so short that it is done during lunch. */
const MEDIUM = {
  kind: 'medium',
  size: SIZES.quick,
  rounds: 5,
  minutes: 40,
  startUpSeconds: 2,
  warmUpSeconds: 0.4,
  seconds: 1.2,
  concurrencies: (workload: Compared) => (among(['read', 'create', 'mixed'], workload) ? [1, 32, 128] : [1, 32]),
  variantConcurrencies: (workload: Compared) => (among(['read', 'create'], workload) ? [1, 32] : [32]),
  paces: (workload: Compared) => (among(['read', 'create', 'mixed'], workload) ? ALL_PACES : []),
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
  variantConcurrencies: () => [1, 32, 128],
  paces: () => ALL_PACES,
} as const;

export const STANDARDS = { quick: QUICK, medium: MEDIUM, full: FULL } as const;
