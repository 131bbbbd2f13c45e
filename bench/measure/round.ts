import type { BenchDatabase } from '../database/bench-database.ts';
import type { GeneratorProcess } from '../load/generator-process.ts';
import type { Job } from '../load/job.ts';
import { residentMebibytes } from '../load/process-usage.ts';
import type { Compared } from '../targets/compared.ts';
import { TargetProcess } from '../targets/target-process.ts';
import { CONSTANT, isVariant, PGBENCH } from '../targets/targets.ts';
import { PGBENCH_WORKLOADS, pgbench } from './pgbench.ts';
import { isAsked, type Pace, type Plan, rotated } from './plan.ts';
import type { Cell } from './results.ts';

export interface Bench {
  readonly plan: Plan;
  readonly database: BenchDatabase;
  readonly generator: GeneratorProcess;
  readonly hasPgbench: boolean;
  readonly report: (line: string) => void;
}

const SAMPLE_EVERY = 64;
/** Of an open loop: more than it needs, unless the program stalls. */
const OPEN_CONNECTIONS = 128;
const SHARES = { half: 0.5, most: 0.8 } as const;

/** All programs run side by side, one of them is asked at a time, and each workload begins with another one. */
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
      for (const workload of rotated(plan.workloads, this.#number)) await this.#workload(workload);
    } finally {
      await Promise.all(this.#running.map((one) => one.stop()));
    }
    return this.#cells;
  }

  async #start(): Promise<void> {
    const { plan, database, generator } = this.#bench;
    const options = { url: database.url, processor: plan.processor };
    for (const target of [...plan.targets, CONSTANT]) this.#running.push(await TargetProcess.start(target, options));
    for (const one of this.#running) {
      const workload = one.target === CONSTANT ? 'constant' : 'mixed';
      const { startUpSeconds: warmUpSeconds } = plan;
      await generator.run({ ...this.#job(one), workload, connections: 32, warmUpSeconds, seconds: 0.01 });
    }
  }

  async #workload(workload: Compared): Promise<void> {
    const { plan } = this.#bench;
    this.#bench.report(`Round ${this.#number + 1}: ${workload}`);
    for (const connections of plan.concurrencies(workload)) {
      for (const one of rotated(this.#running, this.#turn++)) {
        if (isAsked(plan, one.target, workload, connections)) await this.#closed(one, workload, connections);
      }
    }
    await this.#pgbench(workload);
    for (const pace of plan.paces(workload)) {
      for (const one of rotated(this.#running, this.#turn++)) {
        if (one.target !== CONSTANT && !isVariant(one.target.name)) await this.#open(one, workload, pace);
      }
    }
  }

  async #closed(one: TargetProcess, workload: Compared, connections: number): Promise<void> {
    const asked = one.target === CONSTANT ? 'constant' : workload;
    const measured = await this.#bench.generator.run({ ...this.#job(one), workload: asked, connections });
    const held = await this.#bench.database.connections();
    this.#note({
      target: one.target.name,
      workload,
      connections,
      measured,
      residentMebibytes: residentMebibytes(one.pid),
      databaseConnections: held.get(one.target.applicationName),
    });
  }

  async #open(one: TargetProcess, workload: Compared, pace: Pace): Promise<void> {
    const rate = this.#rateOf(one.target.name, workload, pace);
    const job = { ...this.#job(one), workload, connections: OPEN_CONNECTIONS, rate };
    const measured = await this.#bench.generator.run(job);
    this.#note({ target: one.target.name, workload, connections: OPEN_CONNECTIONS, pace, rate, measured });
  }

  async #pgbench(workload: Compared): Promise<void> {
    const { hasPgbench, plan, database } = this.#bench;
    const script = PGBENCH_WORKLOADS.find((name) => name === workload);
    if (!hasPgbench || script === undefined) return;
    const { url, server } = database;
    const { size, seconds } = plan;
    const measured = await pgbench({ url, size, workload: script, seconds, postmaster: server.postmaster });
    this.#note({ target: PGBENCH.name, workload, connections: 16, measured });
  }

  /** Of what it has just done at most, however many clients that took. */
  #rateOf(target: string, workload: Compared, pace: Pace): number {
    const most = (name: string) =>
      Math.max(
        1,
        ...this.#cells
          .filter((cell) => cell.target === name && cell.workload === workload && cell.pace === undefined)
          .map(({ measured }) => measured.perSecond),
      );
    if (pace !== 'common') return most(target) * SHARES[pace];
    const names = this.#bench.plan.targets.map(({ name }) => name).filter((name) => !isVariant(name));
    return Math.min(...names.map(most)) * SHARES.half;
  }

  #job({ target, port, pid }: TargetProcess): Omit<Job, 'workload' | 'connections'> {
    const { warmUpSeconds, seconds } = this.#bench.plan;
    return {
      port,
      warmUpSeconds,
      seconds,
      // The same in a round for all.
      seed: 1 + this.#number,
      sampleEvery: SAMPLE_EVERY,
      cursors: target.cursors,
      processes: { program: pid, postmaster: this.#bench.database.server.postmaster },
    };
  }

  #note(cell: Omit<Cell, 'round'>): void {
    this.#cells.push({ round: this.#number, ...cell });
    const [problem] = cell.measured.problems;
    if (problem !== undefined) this.#bench.report(`  ${cell.target}, ${cell.workload}: ${problem}`);
  }
}
