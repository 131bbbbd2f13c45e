import type { Results } from '../measure/results.ts';
import { COMPARED, WORDING } from '../targets/compared.ts';
import { capitalized, milliseconds, number, ratio, table } from './format.ts';
import { BUSY } from './goals.ts';
import { goalsOf } from './goals-table.ts';
import { storageOf } from './storage-table.ts';
import { type Row, rowsOf } from './summary.ts';
import { timesOf } from './time-table.ts';

const PACES = { half: 'half of its own maximum', most: '80 % of its own maximum', common: 'one rate for all' } as const;

const WORKLOADS = `## Workload by workload

*This service, uncoalesced* and *plain* is this service with techniques switched off: the first without coalescing, the second
also without pipelines and prepared statements. They are no peers; they tell what the techniques are worth.`;

export function markdownOf(results: Results): string {
  const rows = rowsOf(results);
  const sections = COMPARED.filter((workload) => rows.some((row) => row.workload === workload)).map((workload) => {
    const own = rows.filter((row) => row.workload === workload);
    const open = own.filter(({ pace }) => pace !== undefined);
    return [
      `### ${capitalized(WORDING[workload])}`,
      '',
      throughput(own.filter(({ pace }) => pace === undefined)),
      ...(open.length > 0 ? ['', latency(open)] : []),
    ].join('\n');
  });
  return `${[goalsOf(results), headOf(results), timesOf(rows), ...(results.storage ? [storageOf(results.storage)] : []), WORKLOADS, ...sections].join('\n\n')}\n`;
}

function headOf({ kind, date, commit, machine, versions, settings, skipped, cells }: Results): string {
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
    ['wrong or missing answers', `${errors}, to ${number(requests)} requests that were measured`],
    ...skipped.map((what) => ['left out', what]),
  ];
  return ['## The run', '', table(['', ''], lines as string[][])].join('\n');
}

function throughput(rows: readonly Row[]): string {
  const head = [
    'clients',
    'program',
    'requests/s',
    'service is',
    'p50 ms',
    'CPU µs',
    'PostgreSQL µs',
    'MiB',
    'connections',
  ];
  return table(
    [...head, 'errors'],
    rows.map((row) => [
      `${row.connections}`,
      row.title,
      `${number(row.perSecond)}${row.busy > BUSY ? ' (or more)' : ''}`,
      ratio(row.ratio),
      milliseconds(row.latency.p50),
      number(row.cpuProgram),
      number(row.cpuPostgres),
      number(row.residentMebibytes),
      number(row.databaseConnections),
      number(row.errors),
    ]),
  );
}

function latency(rows: readonly Row[]): string {
  const ordered = Object.keys(PACES).flatMap((pace) => rows.filter((row) => row.pace === pace));
  return table(
    ['rate', 'program', 'asked/s', 'answered/s', 'p50 ms', 'p99 ms', 'p99.9 ms', 'errors'],
    ordered.map((row) => [
      row.pace === undefined ? '' : PACES[row.pace],
      row.title,
      number(row.rate),
      number(row.perSecond),
      ...[row.latency.p50, row.latency.p99, row.latency.p999].map(milliseconds),
      number(row.errors),
    ]),
  );
}
