import type { Compared } from '../targets/compared.ts';
import { CONSTANT, PGBENCH, SERVICE } from '../targets/targets.ts';
import type { Goal, Side } from './goals.ts';

const service = (workload: Compared, clients = 32): Side => ({ target: SERVICE.name, workload, clients });
const of = (target: string, workload: Compared, clients = 32): Side => ({ target, workload, clients });
const throughput = (workload: Compared, other: Side, bound: number): Goal => ({
  one: service(workload),
  other,
  figure: 'perSecond',
  bound,
});
const oneClient = (workload: Compared, other: Side, bound: number): Goal => ({
  one: service(workload, 1),
  other,
  figure: 'p50',
  bound,
});

export const GOALS: readonly Goal[] = [
  throughput('read', of('textbook', 'read'), 3.5),
  throughput('read', of('node-http', 'read'), 2),
  throughput('read', of(CONSTANT.name, 'read'), 0.45),
  throughput('list', of('textbook', 'list'), 2),
  throughput('create', of('textbook', 'create'), 3),
  throughput('create', of(PGBENCH.name, 'create', 16), 1),
  throughput('replace', of('textbook', 'replace'), 2),
  throughput('complete', of('textbook', 'complete'), 2),
  throughput('mixed', of('textbook', 'mixed'), 3),
  oneClient('read', of('textbook', 'read', 1), 1.05),
  oneClient('create', of('textbook', 'create', 1), 1.05),
  oneClient('deep-page', service('list', 1), 1.2),
  throughput('idle-poll', service('read'), 1),
];
