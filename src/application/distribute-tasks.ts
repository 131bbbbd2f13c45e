import type { DistributionState, TaskDistribution } from './ports.ts';

/** Spreads the tasks over the machines of a cluster. */
export class DistributeTasks {
  readonly #distribution: TaskDistribution;

  constructor(distribution: TaskDistribution) {
    this.#distribution = distribution;
  }

  preview(): Promise<DistributionState> {
    return this.#distribution.state();
  }

  /** Harmless when repeated. @returns how the tasks lie now */
  async execute(): Promise<DistributionState> {
    const { kind } = await this.#distribution.state();
    if (kind === 'undistributed') await this.#distribution.distribute();
    return this.#distribution.state();
  }
}
