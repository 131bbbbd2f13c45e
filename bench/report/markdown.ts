import type { Results } from '../measure/results.ts';
import { COMPARED, WORDING } from '../targets/compared.ts';
import { isBefore } from '../targets/targets.ts';
import { capitalized, milliseconds, number, ratio, table } from './format.ts';
import { BUSY } from './goals.ts';
import { goalsOf } from './goals-table.ts';
import { runOf } from './run-table.ts';
import { storageOf } from './storage-table.ts';
import { type Row, rowsOf } from './summary.ts';
import { timesOf } from './time-table.ts';

const PACES = { half: 'half of its maximum', most: '80 % of its maximum', common: 'the same for all' } as const;

const isPart = (part: string | undefined): part is string => part !== undefined && part !== '';

/** @param sections further sections between the goals and the settings of the run */
export function summaryOf(results: Results, ...sections: readonly (string | undefined)[]): string {
  const parts = [goalsOf(results), beforeOf(rowsOf(results)), ...sections, runOf(results)];
  return `${parts.filter(isPart).join('\n\n')}\n`;
}

export function tablesOf(results: Results, growth: string | undefined): string {
  const rows = rowsOf(results);
  const sections = COMPARED.filter((workload) => rows.some((row) => row.workload === workload)).map((workload) => {
    const own = rows.filter((row) => row.workload === workload);
    const open = own.filter(({ pace }) => pace !== undefined);
    return [
      `### ${capitalized(WORDING[workload])}`,
      '',
      throughput(own.filter(({ pace }) => pace === undefined)),
      ...(open.length > 0 ? ['', 'Open loop:', '', latency(open)] : []),
    ].join('\n');
  });
  const parts = [timesOf(rows), results.storage && storageOf(results.storage), growth, '## Workloads', ...sections];
  return `${parts.filter(isPart).join('\n\n')}\n`;
}

function beforeOf(rows: readonly Row[]): string | undefined {
  const compared = rows.filter(({ target, pace }) => isBefore(target) && pace === undefined);
  if (compared.length === 0) return undefined;
  return [
    '## Compared with the version before',
    '',
    table(
      ['workload', 'clients', 'throughput, now / before', 'errors before'],
      compared.map((row) => [
        capitalized(WORDING[row.workload]),
        `${row.connections}`,
        ratio(row.ratio),
        number(row.errors),
      ]),
    ),
  ].join('\n');
}

function throughput(rows: readonly Row[]): string {
  return table(
    [
      'clients',
      'program',
      'requests/s',
      'service is',
      'p50 ms',
      'CPU µs',
      'PostgreSQL µs',
      'MiB',
      'connections',
      'errors',
    ],
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
    ['rate', 'program', 'sent/s', 'received/s', 'p50 ms', 'p99 ms', 'p99.9 ms', 'errors'],
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
