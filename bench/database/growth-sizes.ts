import type { DataSetSize } from './data-set.ts';

/** Ten thousand tasks. Lists of quiet users fill a page, and creates are spread over many users. */
export const SMALL: DataSetSize = { users: 361, big: 1_000, large: 10, perLarge: 200, perSmall: 20, quiet: 10 };

export const BIG_TASKS = 10_000_000;
const LEAST = 20_000;

/** @param tasks total, a tenth of which belongs to one user. @throws if less than 20,000 */
export function bigOf(tasks: number): DataSetSize {
  if (tasks < LEAST) throw new Error(`--tasks must be ${LEAST} or more`);
  const [perLarge, perSmall] = [2_500, 500];
  const large = Math.round((tasks * 0.5) / perLarge);
  const small = Math.round((tasks * 0.4) / perSmall);
  const big = tasks - large * perLarge - small * perSmall;
  return { users: 1 + large + small, big, large, perLarge, perSmall, quiet: Math.min(1_000, Math.ceil(large / 2)) };
}
