import type { Storage } from '../measure/storage.ts';
import { WORDING } from '../targets/compared.ts';
import { number, table } from './format.ts';

export function storageOf({ tasks, relations, log, users }: Storage): string {
  const bytes = relations.reduce((sum, relation) => sum + relation.bytes, 0);
  const line = (name: string, size: number) => [name, number(size / 2 ** 20), number(size / tasks)];
  const clients = [...new Set(log.map((one) => one.clients))];
  return [
    '## Storage',
    '',
    `${number(tasks)} tasks after loading. The size of a table excludes its indexes.`,
    '',
    table(
      ['', 'MiB', 'bytes per task'],
      [...relations.map(({ name, bytes: size }) => line(`\`${name}\``, size)), line('total', bytes)],
    ),
    '',
    `WAL bytes per write of the service, commit included, as the difference of \`pg_current_wal_lsn()\` over ${number(log[0]?.writes)} writes to tasks`,
    `of ${users} users. The full-page images after a checkpoint are not included: up to 8 KiB per page, once per checkpoint.`,
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
