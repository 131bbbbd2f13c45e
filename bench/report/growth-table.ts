import type { Side } from '../database/growth-databases.ts';
import { GROWING, type Growing } from '../measure/growth-plan.ts';
import type { GrowthResults } from '../measure/growth-results.ts';
import { number, table } from './format.ts';
import { BOUND, type Half, lineOf, medianOf } from './growth-lines.ts';

export function growthOf(results: GrowthResults): string {
  const { settings, cells, memory, machine, versions, date, commit, skipped } = results;
  const { tasks, mebibytes, page, bigUser, rounds, seconds, warmUpSeconds, hugePages } = settings;
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
    `The service on ${number(tasks.small)} tasks and on ${number(tasks.big)} tasks, one user with ${number(bigUser)} of them. Both databases are in one PostgreSQL`,
    `and are measured alternately: ${rounds} rounds, ${seconds} s per measurement after ${warmUpSeconds} s of warm-up. They take ${number(mebibytes.small)} and ${number(mebibytes.big)} MiB on disk.`,
    `The big one was read into memory first. *Takes*: relative duration, from the throughput of the same round.${sentenceOn(hugePages)}`,
    '',
    table(
      head(number(tasks.small), number(tasks.big)),
      lines(GROWING, (workload) => [
        { side: 'small', workload },
        { side: 'big', workload },
      ]),
    ),
    '',
    `Pages of 100 of the user with ${number(bigUser)} tasks:`,
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
      ['', 'after start', 'after all requests'],
      (['small', 'big'] as const).map((side) => [
        `${number(tasks[side])} tasks`,
        resident(side, 'beforeMebibytes'),
        resident(side, 'afterMebibytes'),
      ]),
    ),
    '',
    `${date}, commit ${commit}; ${machine.processor}, ${machine.processors} processors, ${machine.memoryGibibytes} GiB; Node ${versions['Node']}, PostgreSQL ${versions['PostgreSQL']}. Wrong or missing responses: ${errors}.`,
    ...skipped.map((what) => `Not measured: ${what}.`),
  ].join('\n');
}

const sentenceOn = (hugePages: boolean | undefined): string =>
  hugePages === undefined ? '' : ` PostgreSQL used ${hugePages ? '' : 'no '}huge pages.`;
