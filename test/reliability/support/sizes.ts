import { Random } from './random.ts';

const isLong = process.env['RELIABILITY'] === 'long';

/** How much of something: less in every run, more in a long one, or what a variable of that name says. */
export const size = (name: string, everyRun: number, long: number): number =>
  Number(process.env[name] ?? (isLong ? long : everyRun));

/** For tests of a file whose long run takes longer than all others together. */
export const PATIENCE_MS = isLong ? 3 * 3_600_000 : 120_000;

/** Named by `RELIABILITY_SEED` when a run is to be repeated. */
export const seeded = (): Random => new Random(Number(process.env['RELIABILITY_SEED'] ?? Date.now() % 2 ** 31));

/** A line of figures for whoever reads the run. */
export function tell(what: string, figures: Record<string, number | string>): void {
  const told = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
  process.stdout.write(`FIGURES ${what}: ${told.join(', ')}\n`);
}
