import { countOf, type DataSetSize, type StoredTask, storedTask } from '../database/data-set.ts';

export interface KnownTask {
  readonly stored: StoredTask;
  revision: number;
  completed: boolean;
}

/** A stride that is coprime to the number of tasks visits each task once per pass. */
const STRIDES = [7_368_787, 6_700_417, 5_915_587];

/**
 * Iterates over the writable tasks and keeps their current state, which `If-Match` and the response checks need. No task is in two
 * requests at a time.
 */
export class WrittenTasks {
  readonly #size: DataSetSize;
  readonly #known = new Map<number, KnownTask>();
  readonly #total: number;
  readonly #stride: number;
  #step = 0;

  constructor(size: DataSetSize) {
    this.#size = size;
    const large = size.large - size.quiet;
    this.#total = large * size.perLarge + (size.users - 1 - size.large) * size.perSmall;
    this.#stride = STRIDES.find((stride) => this.#total % stride !== 0) ?? 1;
  }

  next(): KnownTask {
    const at = (++this.#step * this.#stride) % this.#total;
    let task = this.#known.get(at);
    if (task === undefined) {
      const stored = this.#taskAt(at);
      task = { stored, revision: stored.revision, completed: stored.completed };
      this.#known.set(at, task);
    }
    return task;
  }

  #taskAt(at: number): StoredTask {
    const { quiet, large, perLarge, perSmall } = this.#size;
    const inLarge = (large - quiet) * perLarge;
    if (at < inLarge) return storedTask(quiet + 1 + Math.floor(at / perLarge), 1 + (at % perLarge));
    const rest = at - inLarge;
    return storedTask(large + 1 + Math.floor(rest / perSmall), 1 + (rest % perSmall));
  }
}

/** A task of any user except the big one. */
export function anyTask(size: DataSetSize, random: () => number): StoredTask {
  const user = 1 + Math.floor(random() * (size.users - 1));
  return storedTask(user, 1 + Math.floor(random() * countOf(size, user)));
}
