import { random } from '../load/random.ts';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

export interface Ratio {
  readonly median: number;
  /** 95 % interval. `undefined` with fewer than `MIN_ROUNDS` rounds. */
  readonly interval: readonly [number, number] | undefined;
}

const RESAMPLES = 4_000;
export const MIN_ROUNDS = 5;

/**
 * Median of the ratios of the rounds, so that a disturbance of a whole round affects both sides. The interval is a bootstrap over
 * rounds (percentile method).
 */
export function pairedRatio(pairs: readonly (readonly [number, number])[]): Ratio | undefined {
  const ratios = pairs.map(([one, other]) => one / other).filter(Number.isFinite);
  if (ratios.length === 0) return undefined;
  return { median: median(ratios), interval: ratios.length < MIN_ROUNDS ? undefined : bootstrap(ratios) };
}

function bootstrap(values: readonly number[]): readonly [number, number] {
  const draw = random(1);
  const one = () => values[Math.floor(draw() * values.length)] ?? Number.NaN;
  const medians = Array.from({ length: RESAMPLES }, () => median(values.map(one))).sort((a, b) => a - b);
  const at = (share: number) => medians[Math.round(share * (RESAMPLES - 1))] ?? Number.NaN;
  return [at(0.025), at(0.975)];
}
