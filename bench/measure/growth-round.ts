import { type GrowthDatabases, SIDES, type Side } from '../database/growth-databases.ts';
import type { GeneratorProcess } from '../load/generator-process.ts';
import { residentMebibytes } from '../load/process-usage.ts';
import type { WorkloadName } from '../load/workloads.ts';
import { TargetProcess } from '../targets/target-process.ts';
import { SERVICE } from '../targets/targets.ts';
import { GROWING, type Growing, type GrowthPlan, PAGES } from './growth-plan.ts';
import type { GrowthCell, Memory } from './growth-results.ts';
import { rotated } from './plan.ts';

export interface GrowthBench {
  readonly plan: GrowthPlan;
  readonly databases: GrowthDatabases;
  readonly generator: GeneratorProcess;
  readonly report: (line: string) => void;
}

const SAMPLE_EVERY = 64;

/** One service per database, measured alternately. */
export class GrowthRound {
  readonly cells: GrowthCell[] = [];
  readonly memory: Memory[] = [];
  readonly #bench: GrowthBench;
  readonly #number: number;
  readonly #running = new Map<Side, TargetProcess>();
  #turn: number;

  constructor(bench: GrowthBench, number: number) {
    this.#bench = bench;
    this.#number = number;
    this.#turn = number;
  }

  async measure(): Promise<this> {
    this.#bench.report(`Round ${this.#number + 1}`);
    await this.#bench.databases.prepare();
    try {
      const before = new Map<Side, number | undefined>();
      for (const side of SIDES) before.set(side, await this.#start(side));
      const reading = GROWING.filter((workload) => workload !== 'create');
      for (const workload of reading) await this.#inTurns(SIDES.map((side) => ({ side, workload })));
      await this.#inTurns(PAGES.map((workload) => ({ side: 'big', workload })));
      await this.#inTurns(SIDES.map((side) => ({ side, workload: 'create' })));
      for (const [side, { pid }] of this.#running)
        this.memory.push({
          round: this.#number,
          side,
          beforeMebibytes: before.get(side),
          afterMebibytes: residentMebibytes(pid),
        });
      return this;
    } finally {
      await Promise.all([...this.#running.values()].map((one) => one.stop()));
    }
  }

  /** @returns MiB of memory before the first request */
  async #start(side: Side): Promise<number | undefined> {
    const { plan, databases } = this.#bench;
    const running = await TargetProcess.start(SERVICE, { url: databases.urlOf(side), processor: plan.processor });
    this.#running.set(side, running);
    const resident = residentMebibytes(running.pid);
    await this.#run(side, 'list', { connections: 32, warmUpSeconds: plan.startUpSeconds, seconds: 0.01 });
    return resident;
  }

  /** Measures both sides with each number of clients. The order rotates. */
  async #inTurns(pair: readonly { readonly side: Side; readonly workload: Growing }[]): Promise<void> {
    const { warmUpSeconds, seconds, concurrencies } = this.#bench.plan;
    for (const connections of concurrencies) {
      for (const { side, workload } of rotated(pair, this.#turn++)) {
        const measured = await this.#run(side, workload, { connections, warmUpSeconds, seconds });
        this.cells.push({ round: this.#number, side, workload, connections, measured });
        const [problem] = measured.problems;
        if (problem !== undefined) this.#bench.report(`  ${side}, ${workload}: ${problem}`);
      }
    }
  }

  async #run(
    side: Side,
    workload: WorkloadName,
    how: { readonly connections: number; readonly warmUpSeconds: number; readonly seconds: number },
  ) {
    const { databases, generator } = this.#bench;
    const running = this.#running.get(side);
    if (running === undefined) throw new Error(`No service runs on the ${side} database`);
    await generator.reset(databases.sizes[side]);
    return generator.run({
      ...how,
      port: running.port,
      workload,
      seed: 1 + this.#number,
      sampleEvery: SAMPLE_EVERY,
      target: `${SERVICE.name} ${side}`,
      processes: { program: running.pid, postmaster: databases.server.postmaster },
    });
  }
}
