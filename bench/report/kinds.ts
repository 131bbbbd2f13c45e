import type { Results } from '../measure/results.ts';
import { MIN_ROUNDS } from '../measure/statistics.ts';

/** What a run of this size can tell, in words that stand before its figures. */
export function meaningOf({ kind, settings }: Results): string {
  const { rounds, seconds, tasks } = settings;
  const extent = `${rounds} round${rounds === 1 ? '' : 's'}, ${seconds} s for each measurement, ${tasks.toLocaleString('en')} tasks`;
  switch (kind) {
    case 'full':
      return `**This was a full run**: ${extent}.`;
    case 'medium':
      return [
        `**This was a medium run**: ${extent}.`,
        rounds < MIN_ROUNDS
          ? 'Rounds were too few for intervals, so that nothing is told for certain.'
          : 'With so few rounds an interval reaches from about the least to the most that was seen.',
        'Measurements are short, so that programs are less warm than in production and a p99.9 rests on few requests.',
        'It tells what is clearly faster, and by about how much. A full run, if there is one, takes its place.',
      ].join('\n');
    case 'quick':
      return `**This was a quick run**: ${extent}. It shows what has changed much, and is no result to be told.`;
  }
}
