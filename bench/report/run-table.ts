import type { Results } from '../measure/results.ts';
import { errorsOf } from '../measure/round.ts';
import { number, table } from './format.ts';

/** Machine, versions, data and settings of a run. */
export function runOf({ kind, date, commit, machine, versions, settings, skipped, cells }: Results): string {
  const errors = errorsOf(cells);
  const requests = cells.reduce((sum, { measured }) => sum + measured.requests, 0);
  const lines = [
    ['run', `${kind}, ${date}, commit ${commit}`],
    [
      'machine',
      `${machine.processor}, ${machine.processors} processors, ${machine.memoryGibibytes} GiB, ${machine.system}`,
    ],
    [
      'versions',
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
    [
      'data',
      `${number(settings.tasks)} tasks of ${number(settings.users)} users, one of them with ${number(settings.bigUser)}`,
    ],
    [
      'rounds',
      `${settings.rounds}; each measurement takes ${settings.seconds} s after ${settings.warmUpSeconds} s of warm-up`,
    ],
    [
      'maximum database connections',
      Object.entries(settings.pools)
        .map(([name, size]) => `${name} ${size}`)
        .join(', '),
    ],
    ['CPUs per program', settings.processor === undefined ? 'all' : `only number ${settings.processor}`],
    ...(settings.hugePages === undefined ? [] : [['huge pages', settings.hugePages ? 'yes' : 'no']]),
    ['wrong or missing responses', `${errors} of ${number(requests)}`],
    ...skipped.map((what) => ['not measured', what]),
  ];
  return ['## The run', '', table(['', ''], lines as string[][])].join('\n');
}
