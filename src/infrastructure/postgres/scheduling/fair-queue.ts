/**
 * What becomes of a queued item when its turn comes: `take` it, `drop` it without running it, look at the user's next one
 * instead (`wait`), or end the turn of the user (`stop`).
 */
export type Verdict = 'take' | 'drop' | 'wait' | 'stop';

interface Queued {
  readonly userId: string;
}

/**
 * Items of many users, each user's in order of arrival. Users take turns, one item at a time. While others wait, one user
 * has at most a share of what is in flight.
 */
export class FairQueue<Item extends Queued> {
  readonly #share: number;
  readonly #limit: number;
  /** In the order of turns: a user who had one moves to the end. */
  readonly #waiting = new Map<string, Item[]>();
  readonly #inFlight = new Map<string, number>();
  #size = 0;

  /**
   * @param share most items of one user in flight while other users wait, at least 1
   * @param limit most items of one user in flight at any time
   */
  constructor(share: number, limit: number) {
    this.#share = share;
    this.#limit = limit;
  }

  /** Items that wait. */
  get size(): number {
    return this.#size;
  }

  push(item: Item): void {
    const items = this.#waiting.get(item.userId);
    if (items === undefined) this.#waiting.set(item.userId, [item]);
    else items.push(item);
    this.#size++;
  }

  /**
   * Moves items into flight, in turns.
   * @param limitOf how many items may follow the first one, itself included
   */
  take(judge: (item: Item, first: Item | undefined) => Verdict, limitOf: (first: Item) => number): Item[] {
    const taken: Item[] = [];
    // A user who moves to the end is visited again by the same loop.
    for (const [userId, items] of this.#waiting) {
      const [first] = taken;
      if (first !== undefined && taken.length >= limitOf(first)) break;
      if (this.#isOverShare(userId)) continue;
      const item = this.#next(items, (candidate) => judge(candidate, first));
      if (item !== undefined) {
        taken.push(item);
        this.#inFlight.set(userId, (this.#inFlight.get(userId) ?? 0) + 1);
      }
      if (items.length === 0 || item !== undefined) this.#waiting.delete(userId);
      if (items.length > 0 && item !== undefined) this.#waiting.set(userId, items);
    }
    return taken;
  }

  /** To be called when an item that was taken is no longer in flight. */
  release({ userId }: Item): void {
    const left = (this.#inFlight.get(userId) ?? 0) - 1;
    if (left > 0) this.#inFlight.set(userId, left);
    else this.#inFlight.delete(userId);
  }

  /** Removes and returns every waiting item that matches. */
  remove(matches: (item: Item) => boolean): Item[] {
    const removed: Item[] = [];
    for (const [userId, items] of this.#waiting) {
      const kept = items.filter((item) => !matches(item));
      if (kept.length === items.length) continue;
      removed.push(...items.filter(matches));
      if (kept.length === 0) this.#waiting.delete(userId);
      else this.#waiting.set(userId, kept);
    }
    this.#size -= removed.length;
    return removed;
  }

  #isOverShare(userId: string): boolean {
    const inFlight = this.#inFlight.get(userId) ?? 0;
    return inFlight >= this.#limit || (inFlight >= this.#share && this.#waiting.size > 1);
  }

  #next(items: Item[], judge: (item: Item) => Verdict): Item | undefined {
    for (let n = 0; n < items.length; ) {
      const verdict = judge(items[n] as Item);
      if (verdict === 'stop') return undefined;
      if (verdict === 'wait') n++;
      else {
        const [item] = items.splice(n, 1);
        this.#size--;
        if (verdict === 'take') return item;
      }
    }
    return undefined;
  }
}
