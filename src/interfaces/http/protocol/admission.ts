import type { UserId } from '../../../domain/ids.ts';
import type { Call } from './call.ts';
import type { Limits } from './limits.ts';

/** `overloaded` means that the service is full although no user exceeds their share. */
export type Rejection = 'user-limit' | 'service-limit' | 'overloaded';

/**
 * Counts the requests that wait for a response, by user. A full service rejects requests of the user with the most, newest
 * first, as Kubernetes' API Priority and Fairness does. Only requests that have sent nothing are rejected.
 */
export class Admission {
  readonly #limits: Limits;
  readonly #shed: (call: Call) => void;
  /** In order of admission. Users without a waiting request have no entry. */
  readonly #calls = new Map<UserId, Set<Call>>();
  #waiting = 0;

  /** @param shed responds 429 to an admitted call, and thereby releases it */
  constructor(limits: Limits, shed: (call: Call) => void) {
    this.#limits = limits;
    this.#shed = shed;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** @returns why the call is rejected, `undefined` if it is admitted */
  admit(call: Call, userId: UserId): Rejection | undefined {
    const own = this.#calls.get(userId);
    if (own !== undefined && own.size >= this.#limits.waitingPerUser) return 'user-limit';
    const rejection = this.#waiting < this.#limits.waiting ? undefined : this.#makeRoom(userId);
    if (rejection === undefined) this.#add(call, userId);
    return rejection;
  }

  release(call: Call): void {
    const own = call.userId && this.#calls.get(call.userId);
    if (!own?.delete(call)) return;
    this.#waiting--;
    if (own.size === 0) this.#calls.delete(call.userId as UserId);
  }

  /** A fair share is the number of waiting requests, divided by the number of users who have any. */
  exceedsShare({ userId }: Call): boolean {
    const own = (userId && this.#calls.get(userId)?.size) ?? 0;
    return own * this.#calls.size > this.#waiting;
  }

  #add(call: Call, userId: UserId): void {
    call.userId = userId;
    // A user may have lost all entries while room was made.
    const own = this.#calls.get(userId);
    if (own === undefined) this.#calls.set(userId, new Set<Call>().add(call));
    else own.add(call);
    this.#waiting++;
  }

  #makeRoom(newcomer: UserId): Rejection | undefined {
    const count = (this.#calls.get(newcomer)?.size ?? 0) + 1;
    const users = this.#calls.size + (count === 1 ? 1 : 0);
    const victim = this.#newestOfLargestUser(count);
    if (victim !== undefined) this.#shed(victim);
    else if (count * users > this.#waiting + 1) return 'service-limit';
    else return 'overloaded';
    return undefined;
  }

  /** @returns the newest call without a sent statement, of the largest user who has one and more calls than `count` */
  #newestOfLargestUser(count: number): Call | undefined {
    let most = count;
    let newest: Call | undefined;
    for (const calls of this.#calls.values()) {
      if (calls.size <= most) continue;
      const candidate = [...calls].findLast(({ hasSent }) => !hasSent);
      if (candidate === undefined) continue;
      most = calls.size;
      newest = candidate;
    }
    return newest;
  }
}
