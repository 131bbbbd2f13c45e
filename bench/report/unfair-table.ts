import { SERVICE, titleOf } from '../targets/targets.ts';
import type { Outcomes } from '../unfair/clients.ts';
import type { Probed } from '../unfair/probe.ts';
import { SCENARIOS } from '../unfair/scenarios.ts';
import { isFair, type Others, type UnfairCell, type UnfairResults } from '../unfair/unfair-results.ts';
import { number, table } from './format.ts';
import { medianOf } from './growth-lines.ts';

/** Medians over the rounds. Errors and responses are sums. */
export function unfairOf({ settings, cells }: UnfairResults): string {
  const targets = [...new Set(cells.map(({ target }) => target))].sort((a, b) =>
    a === SERVICE.name ? -1 : b === SERVICE.name ? 1 : 0,
  );
  const lines = SCENARIOS.flatMap(({ name, title }) =>
    targets.flatMap((target) => {
      const own = cells.filter((cell) => cell.scenario === name && cell.target === target);
      return own.length === 0 ? [] : [[title, titleOf(target), ...figuresOf(own)]];
    }),
  );
  return [
    '## Unfair loads',
    '',
    `One user causes the load for ${settings.seconds} s. Other users read single tasks at a fixed rate, and create tasks where a second figure`,
    'is shown (read / create). *Fair*: no error, a p95 of at most 500 ms or 25 × the undisturbed p50, and less than 250 MiB of',
    'memory growth.',
    '',
    table(
      ['load', 'program', 'p50 ms alone', 'p50 ms', 'p95 ms', 'errors', 'memory MiB', 'responses to the load', 'fair'],
      lines,
    ),
  ].join('\n');
}

function figuresOf(cells: readonly UnfairCell[]): string[] {
  const both = (side: 'undisturbed' | 'disturbed', of: (probed: Probed) => number): string =>
    (['read', 'write'] as const)
      .map((kind) => medianOf(cells.map((cell) => (cell[side] as Others)[kind]).map((one) => one && of(one))))
      .filter((value) => value !== undefined)
      .map(number)
      .join(' / ');
  const errors = cells.reduce((sum, { disturbed }) => sum + disturbed.read.errors + (disturbed.write?.errors ?? 0), 0);
  const growth = medianOf(cells.map(({ memory }) => memory.peakMebibytes - memory.beforeMebibytes));
  return [
    both('undisturbed', ({ p50 }) => p50),
    both('disturbed', ({ p50 }) => p50),
    both('disturbed', ({ p95 }) => p95),
    number(errors),
    `+${number(growth)}`,
    outcomesText(cells.map(({ load }) => load)),
    cells.every(isFair) ? 'yes' : '**no**',
  ];
}

function outcomesText(all: readonly Outcomes[]): string {
  const statuses = [...new Set(all.flatMap((outcomes) => Object.keys(outcomes)))].sort();
  return statuses
    .map((status) => `${status}: ${number(all.reduce((sum, outcomes) => sum + (outcomes[status] ?? 0), 0))}`)
    .join(', ');
}
