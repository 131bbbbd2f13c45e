import type { Side } from '../database/growth-databases.ts';
import { GROWING, type Growing } from '../measure/growth-plan.ts';
import type { GrowthResults } from '../measure/growth-results.ts';
import { number, table } from './format.ts';
import { BOUND, type Half, lineOf, medianOf } from './growth-lines.ts';

export function growthOf(results: GrowthResults): string {
  const { settings, cells, memory, machine, versions, date, commit, skipped } = results;
  const { tasks, mebibytes, page, bigOwner, rounds, seconds, warmUpSeconds, hugePages } = settings;
  const clients = [...new Set(cells.map(({ connections }) => connections))];
  const lines = (workloads: readonly Growing[], halves: (workload: Growing) => readonly [Half, Half]) =>
    workloads.flatMap((workload) => clients.map((count) => lineOf(cells, halves(workload), count)));
  const errors = cells.reduce((sum, { measured }) => sum + measured.errors, 0);
  const head = (one: string, other: string) => [
    '',
    'clients',
    ...[one, other].flatMap((name) => [`${name}: requests/s`, 'p50 ms']),
    `${other} takes`,
    `at most ${BOUND} ×`,
  ];
  const resident = (side: Side, when: 'beforeMebibytes' | 'afterMebibytes') =>
    number(medianOf(memory.filter((one) => one.side === side).map((one) => one[when])));
  return [
    '## Growth',
    '',
    `The service on a database of ${number(tasks.small)} tasks and on one of ${number(tasks.big)}, of which one owner has ${number(bigOwner)}: both`,
    `in one PostgreSQL, asked in turns, ${rounds} round${rounds === 1 ? '' : 's'}, ${seconds} s for each measurement after ${warmUpSeconds} s of warm-up. On disk they take`,
    `${number(mebibytes.small)} and ${number(mebibytes.big)} MiB; the larger one was read into memory before. *Takes* is how many times as long a request takes,`,
    `from the throughput of the same round.${sentenceOn(hugePages)}`,
    '',
    table(
      head(number(tasks.small), number(tasks.big)),
      lines(GROWING, (workload) => [
        { side: 'small', workload },
        { side: 'big', workload },
      ]),
    ),
    '',
    'Creations come last in a round, and the small database grows by as many as there are.',
    '',
    `Of the one owner with ${number(bigOwner)} tasks, pages of 100:`,
    '',
    table(
      head('page 1', `page ${number(page)}`),
      lines(['first-page'], () => [
        { side: 'big', workload: 'first-page' },
        { side: 'big', workload: 'last-page' },
      ]),
    ),
    '',
    'Memory of the service, in MiB:',
    '',
    table(
      ['', 'when it has started', 'after all this'],
      (['small', 'big'] as const).map((side) => [
        `${number(tasks[side])} tasks`,
        resident(side, 'beforeMebibytes'),
        resident(side, 'afterMebibytes'),
      ]),
    ),
    '',
    `${date}, commit ${commit}; ${machine.processor}, ${machine.processors} processors, ${machine.memoryGibibytes} GiB; Node ${versions['Node']}, PostgreSQL ${versions['PostgreSQL']}. Wrong or missing answers: ${errors}.`,
    ...skipped.map((what) => `Left out: ${what}.`),
  ].join('\n');
}

const sentenceOn = (hugePages: boolean | undefined): string =>
  hugePages === undefined ? '' : ` The shared buffers of PostgreSQL were ${hugePages ? '' : 'not '}in huge pages.`;
