import type { Results } from '../measure/results.ts';
import { WORDING } from '../targets/compared.ts';
import { SERVICE } from '../targets/targets.ts';
import { capitalized, ratio, table } from './format.ts';
import { type Goal, type Outcome, outcomesOf, type Side } from './goals.ts';
import { titleOf } from './summary.ts';

const LEGEND = [
  'A goal is *reached* if the whole 95 % interval keeps it, and reached *in the median only* if the median alone does, or if',
  'there were too few rounds for an interval.',
].join('\n');
const HELD = 'the load generator was at its limit on this side, which may be faster than the figure says';

export function goalsOf({ cells }: Results): string {
  const outcomes = outcomesOf(cells);
  const held = outcomes.some((outcome) => outcome.held.one || outcome.held.other);
  const lines = outcomes.map((outcome) => [
    ...goalText(outcome.goal),
    `${ratio(outcome.ratio)}${heldText(outcome)}`,
    outcome.verdict === 'reached' ? '**reached**' : outcome.verdict,
  ]);
  const reached = outcomes.filter(({ verdict }) => verdict === 'reached').length;
  return [
    '## Goals',
    '',
    table(['', 'goal', 'measured', ''], lines),
    '',
    `${reached} of ${outcomes.length} are reached. ${LEGEND}`,
    ...(held ? ['', `† ${HELD}.`] : []),
  ].join('\n');
}

function goalText({ one, other, figure, bound }: Goal): [string, string] {
  const clients = `${one.clients} client${one.clients === 1 ? '' : 's'}`;
  const what = figure === 'p50' ? `${WORDING[one.workload]}, ${clients}, p50` : `${WORDING[one.workload]}, ${clients}`;
  return [capitalized(what), `${figure === 'p50' ? 'at most' : 'at least'} ${bound} × ${sideText(one, other)}`];
}

/** By its program, or by its workload if the program is the service itself. */
const sideText = (one: Side, other: Side): string =>
  other.target === SERVICE.name && other.workload !== one.workload
    ? `its own ${WORDING[other.workload]}`
    : titleOf(other.target).replace(/^limit: /, '');

function heldText({ goal, held }: Outcome): string {
  if (held.one && held.other) return ' † both';
  if (held.one) return ' † service';
  return held.other ? ` † ${goal.other.target}` : '';
}
