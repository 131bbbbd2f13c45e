import type { BenchDatabase } from '../database/bench-database.ts';
import type { GeneratorProcess } from '../load/generator-process.ts';
import type { Job } from '../load/job.ts';
import { residentMebibytes } from '../load/process-usage.ts';
import type { Compared } from '../targets/compared.ts';
import { TargetProcess } from '../targets/target-process.ts';
import { CONSTANT, isBefore, PGBENCH } from '../targets/targets.ts';
import { PGBENCH_WORKLOADS, pgbench } from './pgbench.ts';
import { type Group, type Pace, type Plan, rotated } from './plan.ts';
import type { Cell } from './results.ts';

export interface Bench {
  readonly plan: Plan;
  readonly database: BenchDatabase;
  readonly generator: GeneratorProcess;
  readonly hasPgbench: boolean;
  readonly report: (line: string) => void;
}

const SAMPLE_EVERY = 64;
/** Of an open loop. Enough unless the program stalls. */
const OPEN_CONNECTIONS = 128;
const SHARES = { half: 0.5, most: 0.8 } as const;

/** All programs run at the same time. One of them gets requests at a time, and the order rotates. */
export class Round {
  readonly #bench: Bench;
  readonly #number: number;
  readonly #cells: Cell[] = [];
  #running: TargetProcess[] = [];
  #turn: number;

  constructor(bench: Bench, number: number) {
    this.#bench = bench;
    this.#number = number;
    this.#turn = number;
  }

  async measure(): Promise<readonly Cell[]> {
    const { plan, database, generator } = this.#bench;
    await database.restore();
    await generator.reset(plan.size);
    try {
      await this.#start();
      const workloads = [...new Set(plan.groups.map(({ workload }) => workload))];
      for (const workload of rotated(workloads, this.#number)) await this.#workload(workload);
    } finally {
      await Promise.all(this.#running.map((one) => one.stop()));
    }
    return this.#cells;
  }

  async #start(): Promise<void> {
    const { plan, database, generator } = this.#bench;
    const options = { url: database.url, processor: plan.processor };
    const needsConstant = plan.groups.some(({ targets }) => targets.includes(CONSTANT.name));
    for (const target of [...plan.targets, ...(needsConstant ? [CONSTANT] : [])])
      this.#running.push(await TargetProcess.start(target, options));
    for (const one of this.#running) {
      const workload = one.target === CONSTANT ? 'constant' : 'mixed';
      const { startUpSeconds: warmUpSeconds } = plan;
      await generator.run({ ...this.#job(one), workload, connections: 32, warmUpSeconds, seconds: 0.01 });
    }
  }

  async #workload(workload: Compared): Promise<void> {
    const { plan } = this.#bench;
    this.#bench.report(`Round ${this.#number + 1}: ${workload}`);
    const groups = plan.groups.filter((group) => group.workload === workload);
    for (const group of groups) {
      for (const one of this.#rotated(group)) await this.#closed(one, workload, group.clients);
    }
    await this.#pgbench(workload);
    const names = groups.flatMap(({ targets }) => targets);
    for (const pace of plan.paces(workload)) {
      for (const one of this.#rotated({ targets: names })) {
        if (one.target !== CONSTANT) await this.#open(one, workload, pace);
      }
    }
  }

  #rotated({ targets }: Pick<Group, 'targets'>): readonly TargetProcess[] {
    return rotated(
      this.#running.filter(({ target }) => targets.includes(target.name)),
      this.#turn++,
    );
  }

  async #closed(one: TargetProcess, workload: Compared, connections: number): Promise<void> {
    const name = one.target === CONSTANT ? 'constant' : workload;
    const measured = await this.#bench.generator.run({ ...this.#job(one), workload: name, connections });
    const open = await this.#bench.database.connections();
    this.#add({
      target: one.target.name,
      workload,
      connections,
      measured,
      residentMebibytes: residentMebibytes(one.pid),
      databaseConnections: open.get(one.target.name),
    });
  }

  async #open(one: TargetProcess, workload: Compared, pace: Pace): Promise<void> {
    const rate = this.#rateOf(one.target.name, workload, pace);
    const job = { ...this.#job(one), workload, connections: OPEN_CONNECTIONS, rate };
    const measured = await this.#bench.generator.run(job);
    this.#add({ target: one.target.name, workload, connections: OPEN_CONNECTIONS, pace, rate, measured });
  }

  async #pgbench(workload: Compared): Promise<void> {
    const { hasPgbench, plan, database } = this.#bench;
    const script = PGBENCH_WORKLOADS.find((name) => name === workload);
    if (!hasPgbench || script === undefined) return;
    const { url, server } = database;
    const { size, seconds } = plan;
    const measured = await pgbench({ url, size, workload: script, seconds, postmaster: server.postmaster });
    this.#add({ target: PGBENCH.name, workload, connections: PGBENCH.clients, measured });
  }

  /** @returns requests per second, from the closed-loop maximum of this round */
  #rateOf(target: string, workload: Compared, pace: Pace): number {
    const closed = this.#cells.filter((cell) => cell.workload === workload && cell.pace === undefined);
    const most = (name: string) =>
      Math.max(1, ...closed.filter((cell) => cell.target === name).map(({ measured }) => measured.perSecond));
    if (pace !== 'common') return most(target) * SHARES[pace];
    const programs = this.#bench.plan.targets.filter(({ name }) => closed.some((cell) => cell.target === name));
    return Math.min(...programs.map(({ name }) => most(name))) * SHARES.half;
  }

  #job({ target, port, pid }: TargetProcess): Omit<Job, 'workload' | 'connections'> {
    const { warmUpSeconds, seconds } = this.#bench.plan;
    return {
      port,
      warmUpSeconds,
      seconds,
      // The same for all programs of a round.
      seed: 1 + this.#number,
      sampleEvery: SAMPLE_EVERY,
      target: target.name,
      processes: { program: pid, postmaster: this.#bench.database.server.postmaster },
    };
  }

  #add(cell: Omit<Cell, 'round'>): void {
    this.#cells.push({ round: this.#number, ...cell });
    const [problem] = cell.measured.problems;
    if (problem !== undefined) this.#bench.report(`  ${cell.target}, ${cell.workload}: ${problem}`);
  }
}

/** Errors of an earlier version are shown in the tables only. */
export const errorsOf = (cells: readonly Cell[]): number =>
  cells.filter(({ target }) => !isBefore(target)).reduce((sum, { measured }) => sum + measured.errors, 0);
