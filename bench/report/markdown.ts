import type { Results } from '../measure/results.ts';
import { COMPARED, WORDING } from '../targets/compared.ts';
import { capitalized, milliseconds, number, ratio, table } from './format.ts';
import { BUSY } from './goals.ts';
import { goalsOf } from './goals-table.ts';
import { runOf } from './run-table.ts';
import { storageOf } from './storage-table.ts';
import { type Row, rowsOf } from './summary.ts';
import { timesOf } from './time-table.ts';

const PACES = { half: 'half of its own maximum', most: '80 % of its own maximum', common: 'one rate for all' } as const;

const WORKLOADS = `## Workload by workload

*This service, uncoalesced* and *plain* is this service with techniques switched off: the first without coalescing, the second
also without pipelines and prepared statements. They are no peers; they tell what the techniques are worth.`;

/** @param growth a section of its own */
export function markdownOf(results: Results, growth?: string): string {
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
  const parts = [
    goalsOf(results),
    runOf(results),
    timesOf(rows),
    results.storage && storageOf(results.storage),
    growth,
    WORKLOADS,
    ...sections,
  ];
  return `${parts.filter((part) => part !== undefined).join('\n\n')}\n`;
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
