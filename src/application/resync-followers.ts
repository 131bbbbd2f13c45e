import type { UserId } from '../domain/ids.ts';
import type { TaskErasure } from './ports.ts';

const OWNERS_PER_BATCH = 1_000;

/** More changes than an owner can have made since the backup that was restored. Counters have room for 9 billion of these. */
const GAP = 1_000_000;

/**
 * For the time after a backup was restored: it took the counters back, so that revisions would be given out again, to other
 * changes. Puts them ahead of all that were ever told, and has every follower begin again.
 */
export class ResyncFollowers {
  readonly #erasure: TaskErasure;

  constructor(erasure: TaskErasure) {
    this.#erasure = erasure;
  }

  /** In small batches, so that nobody's writes wait for long. @param onProgress told the total after each batch */
  async execute(onProgress: (owners: number) => void): Promise<number> {
    let total = 0;
    let after: UserId | undefined;
    for (;;) {
      const owners = await this.#erasure.leap(GAP, after, OWNERS_PER_BATCH);
      total += owners.length;
      after = owners.at(-1);
      if (owners.length > 0) onProgress(total);
      if (owners.length < OWNERS_PER_BATCH) return total;
    }
  }
}
