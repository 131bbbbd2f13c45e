import type { Results } from '../measure/results.ts';
import type { Ratio } from '../measure/statistics.ts';
import { COMPARED, WORDING } from '../targets/compared.ts';
import { type Row, rowsOf } from './summary.ts';

const PACES = { half: 'half of its own maximum', most: '80 % of its own maximum', common: 'one rate for all' } as const;
/** Above, the generator had no time to spare. */
const BUSY = 0.9;

export function markdownOf(results: Results): string {
  const rows = rowsOf(results);
  const sections = COMPARED.filter((workload) => rows.some((row) => row.workload === workload)).map((workload) => {
    const own = rows.filter((row) => row.workload === workload);
    const open = own.filter(({ pace }) => pace !== undefined);
    return [
      `### ${WORDING[workload].replace(/^./, (first) => first.toUpperCase())}`,
      '',
      throughput(own.filter(({ pace }) => pace === undefined)),
      ...(open.length > 0 ? ['', latency(open)] : []),
    ].join('\n');
  });
  return `${[headOf(results), ...sections].join('\n\n')}\n`;
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
  return table(['', ''], lines as string[][]);
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

function ratio(of: Ratio | undefined): string {
  if (of === undefined) return '';
  const [low, high] = of.interval ?? [];
  const interval = low === undefined || high === undefined ? '' : ` (${low.toFixed(2)} to ${high.toFixed(2)})`;
  return `${of.median.toFixed(2)} ×${interval}`;
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const toLine = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [toLine(head), `|${head.map(() => '---').join('|')}|`, ...lines.map(toLine)].join('\n');
}

const milliseconds = (microseconds: number): string => (microseconds / 1_000).toFixed(2);

const number = (value: number | undefined): string =>
  value === undefined ? '' : value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 });
