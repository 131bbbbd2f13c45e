import { COMPARED, WORDING } from '../targets/compared.ts';
import { SERVICE } from '../targets/targets.ts';
import { number, table } from './format.ts';
import { type Row, titleOf } from './summary.ts';

const CLIENTS = 32;
const BESIDE = 'textbook';

/** Processor time for each request, of all that have a part in it. */
export function timesOf(rows: readonly Row[]): string {
  const columns = [SERVICE.name, BESIDE].flatMap((target) =>
    ['itself', 'PostgreSQL', 'generator'].map((part) => `${titleOf(target)}: ${part}`),
  );
  const lines = COMPARED.flatMap((workload) => {
    const times = [SERVICE.name, BESIDE].flatMap((target) => partsOf(rows, workload, target));
    return times.some((time) => time !== '') ? [[WORDING[workload], ...times]] : [];
  });
  return [
    '## Where the time of a request goes',
    '',
    `Microseconds of processor time for each request, with ${CLIENTS} clients in the closed loop. Time in which nobody`,
    'computes, as when all wait for the disk, is in none of these. That of PostgreSQL is of all its processes, those in the',
    'background included.',
    '',
    table(['µs', ...columns], lines),
  ].join('\n');
}

function partsOf(rows: readonly Row[], workload: string, target: string): string[] {
  const row = rows.find(
    (one) =>
      one.workload === workload && one.target === target && one.connections === CLIENTS && one.pace === undefined,
  );
  return [row?.cpuProgram, row?.cpuPostgres, row?.cpuGenerator].map(number);
}
