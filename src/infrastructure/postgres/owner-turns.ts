import { type DatabaseFault, faultOf, NotSent } from './database-errors.ts';

/**
 * Statements that may have to wait for a lock go alone, over the pool: of each owner one at a time, and few in all, so that
 * the pool keeps connections for those who need none of these locks.
 */
export class OwnerTurns {
  /** Settled when the owner's statement is over; rejected when it does not look as if the next one would fare better. */
  readonly #turns = new Map<string, Promise<void>>();
  readonly #waiting: (() => void)[] = [];
  #free: number;

  /** @param atOnce most statements at a time */
  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** For the owner's other writes to wait for. */
  of(owner: string): Promise<void> | undefined {
    return this.#turns.get(owner);
  }

  /** To be called when no other statement of the owner is alone. */
  async lead<T>(owner: string, send: () => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = withResolvers();
    this.#turns.set(owner, promise);
    try {
      const answer = await this.alone(send);
      resolve();
      return answer;
    } catch (error) {
      if (OF_ITSELF.includes(faultOf(error))) resolve();
      else reject(new NotSent('The statement before was lost, or took too long', { cause: error }));
      throw error;
    } finally {
      this.#turns.delete(owner);
    }
  }

  /** Waits until it may have a connection. */
  async alone<T>(send: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await send();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}

/** What a statement brings upon itself, whatever others meet. */
const OF_ITSELF: readonly DatabaseFault[] = ['refused', 'mistake'];

function withResolvers() {
  let resolve!: () => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  // Perhaps nobody waits.
  promise.catch(() => {});
  return { promise, resolve, reject };
}
