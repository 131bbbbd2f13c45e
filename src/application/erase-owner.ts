import type { UserId } from '../domain/ids.ts';
import type { Erased, TaskErasure } from './ports.ts';

const TASKS_PER_BATCH = 1_000;

/** An owner who keeps writing is not chased for ever. */
const MAX_FRUITLESS_BATCHES = 10;

/** Takes all that one owner ever had away for good, as a person may ask for. */
export class EraseOwner {
  readonly #erasure: TaskErasure;

  constructor(erasure: TaskErasure) {
    this.#erasure = erasure;
  }

  /** How many tasks there are to erase, deleted ones included, without erasing them. */
  preview(owner: UserId): Promise<number> {
    return this.#erasure.count(owner);
  }

  /** @param onProgress told the total after each batch */
  async execute(owner: UserId, onProgress: (erased: number) => void): Promise<Erased> {
    let tasks = 0;
    for (let fruitless = 0; fruitless < MAX_FRUITLESS_BATCHES; ) {
      const batch = await this.#erasure.erase(owner, TASKS_PER_BATCH);
      tasks += batch.tasks;
      onProgress(tasks);
      if (batch.isComplete) return { tasks, isComplete: true };
      if (batch.tasks < TASKS_PER_BATCH) fruitless++;
    }
    return { tasks, isComplete: false };
  }
}
