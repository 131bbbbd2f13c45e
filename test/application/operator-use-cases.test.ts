import { describe, expect, it } from 'vitest';
import { operatorUseCases } from '../../src/application/operator-use-cases.ts';
import type { DistributionState, Erased, TaskDistribution } from '../../src/application/ports.ts';
import type { UserId } from '../../src/domain/ids.ts';
import { InMemoryTaskRepository } from '../../src/infrastructure/memory/in-memory-task-repository.ts';
import { aBirth, at } from '../support/tasks.ts';

const alice = 'alice' as UserId;

/** A cluster on which nothing is distributed yet, or what it is told to be. */
class Cluster implements TaskDistribution {
  distributed = 0;
  #state: DistributionState;

  constructor(state: DistributionState = { kind: 'undistributed', machines: 3 }) {
    this.#state = state;
  }

  state = async (): Promise<DistributionState> => this.#state;

  async distribute(): Promise<void> {
    this.distributed++;
    this.#state = { kind: 'distributed', machines: 3 };
  }
}

describe('purging', () => {
  it('reaches all owners, however many there are', async () => {
    const tasks = new InMemoryTaskRepository();
    for (let n = 0; n < 501; n++) await tasks.add(aBirth({ owner: `owner-${n}` as UserId, deletedAt: at(0) }));
    const { purge } = operatorUseCases(tasks, new Cluster());

    expect(await purge.preview(at(1))).toEqual({ owners: 501, tombstones: 501 });
    expect(await purge.execute(at(1), () => {})).toBe(501);
    expect(await purge.preview(at(1))).toEqual({ owners: 0, tombstones: 0 });
  });
});

describe('erasing an owner', () => {
  /** Answers one batch after the other, and the last one for ever. */
  class Batches extends InMemoryTaskRepository {
    taken = 0;
    readonly #batches: readonly Erased[];

    constructor(...batches: readonly Erased[]) {
      super();
      this.#batches = batches;
    }

    override async erase(): Promise<Erased> {
      return this.#batches[this.taken++] ?? (this.#batches.at(-1) as Erased);
    }
  }

  const full: Erased = { tasks: 1_000, isComplete: false };
  const execute = (batches: Batches, onProgress = (_erased: number) => {}) =>
    operatorUseCases(batches, new Cluster()).erase.execute(alice, onProgress);

  it('goes on while there is much to erase, and tells how far it is', async () => {
    const told: number[] = [];
    const batches = new Batches(...Array<Erased>(12).fill(full), { tasks: 5, isComplete: true });
    expect(await execute(batches, (erased) => told.push(erased))).toEqual({ tasks: 12_005, isComplete: true });
    expect(told.slice(-2)).toEqual([12_000, 12_005]);
  });

  it('gives up on one who keeps writing after ten batches that were not full', async () => {
    const batches = new Batches(full, { tasks: 1, isComplete: false });
    expect(await execute(batches)).toEqual({ tasks: 1_010, isComplete: false });
    expect(batches.taken).toBe(11);
  });
});

describe('sending followers back', () => {
  it('reaches all owners, however many there are, and puts their counters ahead by more than they can have changed', async () => {
    const tasks = new InMemoryTaskRepository();
    for (let n = 0; n < 2_000; n++) await tasks.add(aBirth({ owner: `owner-${n}` as UserId }));
    const told: number[] = [];

    const owners = await operatorUseCases(tasks, new Cluster()).resync.execute((soFar) => told.push(soFar));

    expect([owners, told]).toEqual([2_000, [1_000, 2_000]]);
    expect(await tasks.revision('owner-0' as UserId)).toBe(1_000_001);
    expect(await tasks.revision('owner-1999' as UserId)).toBe(1_000_001);
  });
});

describe('distributing tasks', () => {
  const distributeOn = (cluster: Cluster) =>
    operatorUseCases(new InMemoryTaskRepository(), cluster).distribute.execute();

  it('happens once, however often it is asked for', async () => {
    const cluster = new Cluster();
    expect(await distributeOn(cluster)).toEqual({ kind: 'distributed', machines: 3 });
    expect(await distributeOn(cluster)).toEqual({ kind: 'distributed', machines: 3 });
    expect(cluster.distributed).toBe(1);
  });

  it.each(['no-cluster', 'distributed-otherwise'] as const)('does not happen where there is %s', async (kind) => {
    const cluster = new Cluster({ kind });
    expect(await distributeOn(cluster)).toEqual({ kind });
    expect(cluster.distributed).toBe(0);
  });
});
