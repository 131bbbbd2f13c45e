import type { DataSetSize } from '../database/data-set.ts';
import { BIG_TASKS, bigOf } from '../database/growth-sizes.ts';
import type { PlanOptions } from './plan.ts';

export interface GrowthPlan {
  readonly big: DataSetSize;
  readonly rounds: number;
  readonly minutes: number;
  readonly startUpSeconds: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly concurrencies: readonly number[];
  readonly processor: number | undefined;
}

/** Measured on both databases. Writes come last, so that reads see the loaded data only. */
export const GROWING = ['read', 'list', 'idle-poll', 'changes', 'create'] as const;
/** Measured on the big database only. */
export const PAGES = ['first-page', 'last-page'] as const;

export type Growing = (typeof GROWING)[number] | (typeof PAGES)[number];

export const growthPlanOf = (options: PlanOptions, tasks: number | undefined): GrowthPlan => ({
  big: bigOf(tasks ?? BIG_TASKS),
  rounds: options.rounds ?? 7,
  minutes: options.minutes ?? 24 * 60,
  startUpSeconds: 5,
  warmUpSeconds: options.warmUpSeconds ?? 1,
  seconds: options.seconds ?? 4,
  concurrencies: options.concurrencies ?? [1, 32],
  processor: options.processor,
});
