import type { Compared } from '../targets/compared.ts';
import { PGBENCH, SERVICE } from '../targets/targets.ts';
import type { Goal, Side } from './goals.ts';

const side = (target: string, workload: Compared, clients: number): Side => ({ target, workload, clients });

/** Throughput relative to another program, with the same workload and number of clients. */
const versus = (target: string, workload: Compared, clients: number, bound: number): Goal => ({
  one: side(SERVICE.name, workload, clients),
  other: side(target, workload, clients),
  figure: 'perSecond',
  bound,
});

/** Relative to another workload of this service. Response times (p50) have an upper bound, throughput a lower one. */
const within = (
  figure: Goal['figure'],
  [workload, clients]: readonly [Compared, number],
  [other, otherClients]: readonly [Compared, number],
  bound: number,
): Goal => ({
  one: side(SERVICE.name, workload, clients),
  other: side(SERVICE.name, other, otherClients),
  figure,
  bound,
});

export const GOALS: readonly Goal[] = [
  versus('node-http', 'read', 1, 1.1),
  versus('node-http', 'read', 32, 2.1),
  versus('node-http', 'read', 128, 2.2),
  versus('node-http', 'create', 1, 1),
  versus('node-http', 'create', 32, 1.9),
  versus('node-http', 'create', 128, 2.2),
  {
    one: side(SERVICE.name, 'create', 32),
    other: side(PGBENCH.name, 'create', PGBENCH.clients),
    figure: 'perSecond',
    bound: 0.95,
  },
  versus('node-http', 'complete', 1, 0.75),
  versus('node-http', 'complete', 32, 1.2),
  versus('node-http', 'list-20', 32, 1.4),
  versus('textbook', 'read', 32, 2.5),
  versus('textbook', 'list-20', 32, 2.5),
  versus('textbook', 'create', 32, 2.5),
  versus('textbook', 'replace', 32, 2.5),
  versus('textbook', 'complete', 32, 2.5),
  within('p50', ['deep-page', 1], ['first-page', 1], 1.2),
  within('perSecond', ['idle-poll', 32], ['read', 32], 1),
  within('p50', ['tombstones-list', 1], ['live-list', 1], 1.1),
  within('p50', ['tombstones-sync', 1], ['live-sync', 1], 1.1),
  within('perSecond', ['replay', 20], ['create', 20], 1),
  within('perSecond', ['toggle-one', 50], ['toggle-one', 1], 1),
];
