import type { UserId } from '../domain/ids.ts';
import type { TaskErasure } from './ports.ts';

const TASKS_PER_BATCH = 1_000;

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
  async execute(owner: UserId, onProgress: (erased: number) => void): Promise<number> {
    let total = 0;
    let erased: number;
    do {
      erased = await this.#erasure.erase(owner, TASKS_PER_BATCH);
      total += erased;
      onProgress(total);
    } while (erased === TASKS_PER_BATCH);
    return total;
  }
}
