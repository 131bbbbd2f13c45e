import type { DataSetSize } from './data-set.ts';

/** Ten thousand tasks. Lists of those who are asked for one fill a page, and creations meet many owners. */
export const SMALL: DataSetSize = { owners: 361, big: 1_000, large: 10, perLarge: 200, perSmall: 20, quiet: 10 };

export const BIG_TASKS = 10_000_000;
const LEAST = 20_000;

/** Of so many tasks, a tenth of which are one owner's: of ten million, a million. @throws for less than makes sense */
export function bigOf(tasks: number): DataSetSize {
  if (tasks < LEAST) throw new Error(`--tasks must be ${LEAST} or more`);
  const [perLarge, perSmall] = [2_500, 500];
  const large = Math.round((tasks * 0.5) / perLarge);
  const small = Math.round((tasks * 0.4) / perSmall);
  const big = tasks - large * perLarge - small * perSmall;
  return { owners: 1 + large + small, big, large, perLarge, perSmall, quiet: Math.min(1_000, Math.ceil(large / 2)) };
}
