import type { UserId } from '../domain/ids.ts';
import type { TaskErasure, TombstoneCount } from './ports.ts';

const OWNERS_PER_PAGE = 500;
const TOMBSTONES_PER_BATCH = 1_000;

/** Takes away for good what was deleted long ago. Followers that have not seen those deletions begin again. */
export class PurgeTombstones {
  readonly #erasure: TaskErasure;

  constructor(erasure: TaskErasure) {
    this.#erasure = erasure;
  }

  /** How much there is to purge, without purging it. */
  async preview(deletedBefore: Date): Promise<{ readonly owners: number; readonly tombstones: number }> {
    let [owners, tombstones] = [0, 0];
    for await (const { tombstones: count } of this.#owners(deletedBefore)) {
      owners++;
      tombstones += count;
    }
    return { owners, tombstones };
  }

  /** In small batches, so that no owner's writes wait for long. @param onProgress told the total after each batch */
  async execute(deletedBefore: Date, onProgress: (purged: number) => void): Promise<number> {
    let total = 0;
    for await (const { owner } of this.#owners(deletedBefore)) {
      let purged: number;
      do {
        purged = await this.#erasure.purge(owner, deletedBefore, TOMBSTONES_PER_BATCH);
        total += purged;
        if (purged > 0) onProgress(total);
      } while (purged > 0);
    }
    return total;
  }

  async *#owners(deletedBefore: Date): AsyncGenerator<TombstoneCount> {
    let after: UserId | undefined;
    for (;;) {
      const page = await this.#erasure.tombstones(deletedBefore, after, OWNERS_PER_PAGE);
      yield* page;
      after = page.at(-1)?.owner;
      if (page.length < OWNERS_PER_PAGE) return;
    }
  }
}
