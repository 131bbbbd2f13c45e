import type { Results } from '../measure/results.ts';
import { number, table } from './format.ts';

/** What was measured, where, and with what. */
export function runOf({ kind, date, commit, machine, versions, settings, skipped, cells }: Results): string {
  const errors = cells.reduce((sum, { measured }) => sum + measured.errors, 0);
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
      `${number(settings.tasks)} tasks of ${number(settings.owners)} owners, one of whom has ${number(settings.bigOwner)}`,
    ],
    [
      'rounds',
      `${settings.rounds}, each measurement ${settings.seconds} s after ${settings.warmUpSeconds} s of warm-up`,
    ],
    [
      'connections to the database',
      Object.entries(settings.pools)
        .map(([name, size]) => `${name} ${size}`)
        .join(', '),
    ],
    ['processors of a program', settings.processor === undefined ? 'any' : `number ${settings.processor} alone`],
    ...(settings.hugePages === undefined ? [] : [['shared buffers in huge pages', settings.hugePages ? 'yes' : 'no']]),
    ['wrong or missing answers', `${errors}, to ${number(requests)} requests that were measured`],
    ...skipped.map((what) => ['left out', what]),
  ];
  return ['## The run', '', table(['', ''], lines as string[][])].join('\n');
}
