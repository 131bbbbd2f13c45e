import type { Storage } from '../measure/storage.ts';
import { WORDING } from '../targets/compared.ts';
import { number, table } from './format.ts';

export function storageOf({ tasks, relations, log, owners }: Storage): string {
  const bytes = relations.reduce((sum, relation) => sum + relation.bytes, 0);
  const line = (name: string, size: number) => [name, number(size / 2 ** 20), number(size / tasks)];
  const clients = [...new Set(log.map((one) => one.clients))];
  return [
    '## What is stored',
    '',
    `Of ${number(tasks)} tasks, as they were loaded. The tables are without their indexes; an index that is full of what has`,
    'come and gone is larger.',
    '',
    table(
      ['', 'MiB', 'bytes per task'],
      [...relations.map(({ name, bytes: size }) => line(`\`${name}\``, size)), line('together', bytes)],
    ),
    '',
    'Bytes that one write of the service adds to the log of PostgreSQL (WAL), its commit included, which those that come at the',
    `same time may share. Measured as the difference of \`pg_current_wal_lsn()\` over ${number(log[0]?.writes)} writes to tasks of ${owners} owners.`,
    'Before, there was a checkpoint, and then a warm-up that changed each of these tasks once, or created as many: so the',
    'whole pages that PostgreSQL logs at the first change after a checkpoint are not in these figures. Where writes are',
    'few and spread over a large table, those pages come on top, up to 8 KiB for each page that a write touches.',
    '',
    table(
      ['', ...clients.map((count) => `${count} client${count === 1 ? '' : 's'}`)],
      [...new Set(log.map(({ workload }) => workload))].map((workload) => [
        WORDING[workload],
        ...clients.map((count) =>
          number(log.find((one) => one.workload === workload && one.clients === count)?.bytesPerWrite),
        ),
      ]),
    ),
  ].join('\n');
}
