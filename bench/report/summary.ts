import type { Pace } from '../measure/plan.ts';
import type { Cell, Results } from '../measure/results.ts';
import { median, pairedRatio, type Ratio } from '../measure/statistics.ts';
import type { Compared } from '../targets/compared.ts';
import { CONSTANT, PEERS, PGBENCH, SERVICE, VARIANTS } from '../targets/targets.ts';

/** One line: a program under a workload, over all rounds. Medians. */
export interface Row {
  readonly workload: Compared;
  readonly target: string;
  readonly title: string;
  readonly connections: number;
  readonly pace: Pace | undefined;
  readonly perSecond: number;
  readonly rate: number | undefined;
  readonly latency: { readonly p50: number; readonly p99: number; readonly p999: number };
  readonly cpuProgram: number | undefined;
  readonly cpuPostgres: number | undefined;
  readonly cpuGenerator: number | undefined;
  readonly residentMebibytes: number | undefined;
  readonly databaseConnections: number | undefined;
  readonly errors: number;
  /** How busy the load generator was, from 0 to 1. */
  readonly busy: number;
  /** How many times the throughput of this program the service has; nothing of the service itself. */
  readonly ratio: Ratio | undefined;
}

const ALL = [SERVICE, ...VARIANTS, ...PEERS, CONSTANT, PGBENCH];
const NAMES = ALL.map(({ name }) => name);

export const isLimit = (target: string): boolean => target === CONSTANT.name || target === PGBENCH.name;

export const titleOf = (target: string): string => ALL.find(({ name }) => name === target)?.title ?? target;

/** In the order of the workloads, then of concurrency, then of the targets. */
export function rowsOf({ cells }: Results): readonly Row[] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = [cell.workload, cell.pace ?? '', cell.connections, cell.target].join();
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()].map((group) => rowOf(group, cells)).sort(inOrder(cells));
}

function rowOf(group: readonly Cell[], cells: readonly Cell[]): Row {
  const [{ workload, target, connections, pace }] = group as readonly [Cell];
  const of = (value: (cell: Cell) => number | undefined): number | undefined => {
    const values = group.map(value).filter((one) => one !== undefined);
    return values.length === 0 ? undefined : median(values);
  };
  const known = (value: (cell: Cell) => number): number => of(value) ?? Number.NaN;
  return {
    workload,
    target,
    title: titleOf(target),
    connections,
    pace,
    perSecond: known(({ measured }) => measured.perSecond),
    rate: of(({ rate }) => rate),
    latency: {
      p50: known(({ measured }) => measured.latency.p50),
      p99: known(({ measured }) => measured.latency.p99),
      p999: known(({ measured }) => measured.latency.p999),
    },
    cpuProgram: of(({ measured }) => measured.cpu.program),
    cpuPostgres: of(({ measured }) => measured.cpu.postgres),
    cpuGenerator: of(({ measured }) => measured.cpu.generator),
    residentMebibytes: of(({ residentMebibytes }) => residentMebibytes),
    databaseConnections: of(({ databaseConnections }) => databaseConnections),
    errors: group.reduce((sum, { measured }) => sum + measured.errors, 0),
    busy: known(({ measured }) => measured.generator.busy),
    ratio: target === SERVICE.name || pace !== undefined ? undefined : ratioTo(group, cells),
  };
}

/** pgbench has clients of its own, and is compared with the service's 32. */
function ratioTo(group: readonly Cell[], cells: readonly Cell[]): Ratio | undefined {
  const pairs = group.flatMap((other) => {
    const connections = other.target === PGBENCH.name ? 32 : other.connections;
    const ours = cells.find(
      (cell) =>
        cell.target === SERVICE.name &&
        cell.round === other.round &&
        cell.workload === other.workload &&
        cell.pace === undefined &&
        cell.connections === connections,
    );
    return ours === undefined ? [] : [[ours.measured.perSecond, other.measured.perSecond] as const];
  });
  return pairedRatio(pairs);
}

function inOrder(cells: readonly Cell[]) {
  const workloads = [...new Set(cells.map(({ workload }) => workload))];
  return (a: Row, b: Row): number =>
    workloads.indexOf(a.workload) - workloads.indexOf(b.workload) ||
    a.connections - b.connections ||
    NAMES.indexOf(a.target) - NAMES.indexOf(b.target);
}
