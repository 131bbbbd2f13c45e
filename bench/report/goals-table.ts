import type { Results } from '../measure/results.ts';
import { WORDING } from '../targets/compared.ts';
import { SERVICE, titleOf } from '../targets/targets.ts';
import { capitalized, ratio, table } from './format.ts';
import { type Goal, type Outcome, outcomesOf, type Side } from './goals.ts';

export function goalsOf({ cells }: Results): string {
  const outcomes = outcomesOf(cells);
  const isLimited = outcomes.some(({ limited }) => limited.one || limited.other);
  const reached = outcomes.filter(({ verdict }) => verdict === 'reached').length;
  return [
    '## Goals',
    '',
    table(
      ['workload', 'clients', 'goal', 'measured', 'result'],
      outcomes.map((outcome) => [
        ...goalText(outcome.goal),
        `${ratio(outcome.ratio)}${limitedText(outcome)}`,
        outcome.verdict === 'reached' ? '**reached**' : outcome.verdict,
      ]),
    ),
    '',
    `${reached} of ${outcomes.length} goals are reached. *Reached*: the whole 95 % interval is within the goal. *Median only*: only the median is,`,
    'or there were too few rounds for an interval.',
    ...(isLimited ? ['', '† The load generator was the limit on this side, which may be faster than measured.'] : []),
  ].join('\n');
}

function goalText({ one, other, figure, bound }: Goal): [string, string, string] {
  const goal = `${figure === 'p50' ? 'p50 at most' : 'at least'} ${bound} × ${sideText(one, other)}`;
  return [capitalized(WORDING[one.workload]), `${one.clients}`, goal];
}

function sideText(one: Side, other: Side): string {
  if (other.target !== SERVICE.name) return titleOf(other.target).replace(/^limit: /, '');
  const clients = other.clients === one.clients ? '' : `, ${other.clients} client${other.clients === 1 ? '' : 's'}`;
  return `${WORDING[other.workload]}${clients}`;
}

function limitedText({ goal, limited }: Outcome): string {
  if (limited.one && limited.other) return ' † both';
  if (limited.one) return ' † service';
  return limited.other ? ` † ${goal.other.target}` : '';
}
