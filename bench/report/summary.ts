import type { Pace } from '../measure/plan.ts';
import type { Cell, Results } from '../measure/results.ts';
import { median, pairedRatio, type Ratio } from '../measure/statistics.ts';
import { COMPARED, type Compared } from '../targets/compared.ts';
import { CONSTANT, PGBENCH, positionOf, SERVICE, titleOf } from '../targets/targets.ts';

/** Medians over all rounds of one program with one workload. */
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
  /** CPU use of the load generator, 0 to 1. */
  readonly busy: number;
  /** Throughput of the service relative to this program. `undefined` for the service itself. */
  readonly ratio: Ratio | undefined;
}

export const isLimit = (target: string): boolean => target === CONSTANT.name || target === PGBENCH.name;

/** Sorted by workload, clients and program. */
export function rowsOf({ cells }: Results): readonly Row[] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = [cell.workload, cell.pace ?? '', cell.connections, cell.target].join();
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()].map((group) => rowOf(group, cells)).sort(inOrder);
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

/** pgbench is compared with the service at 32 clients. */
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

function inOrder(a: Row, b: Row): number {
  return (
    COMPARED.indexOf(a.workload) - COMPARED.indexOf(b.workload) ||
    a.connections - b.connections ||
    positionOf(a.target) - positionOf(b.target)
  );
}
