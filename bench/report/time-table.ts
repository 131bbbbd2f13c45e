import { COMPARED, WORDING } from '../targets/compared.ts';
import { SERVICE, titleOf } from '../targets/targets.ts';
import { number, table } from './format.ts';
import type { Row } from './summary.ts';

const CLIENTS = 32;
const REFERENCE = 'node-http';

/** CPU time per request of the program, PostgreSQL and the load generator. */
export function timesOf(rows: readonly Row[]): string {
  const columns = [SERVICE.name, REFERENCE].flatMap((target) =>
    ['program', 'PostgreSQL', 'generator'].map((part) => `${titleOf(target)}: ${part}`),
  );
  const lines = COMPARED.flatMap((workload) => {
    const times = [SERVICE.name, REFERENCE].flatMap((target) => partsOf(rows, workload, target));
    return times.some((time) => time !== '') ? [[WORDING[workload], ...times]] : [];
  });
  return [
    '## CPU time per request',
    '',
    `In microseconds, closed loop with ${CLIENTS} clients. PostgreSQL includes its background processes. Idle time, such as`,
    'waiting for the disk, is not included.',
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
