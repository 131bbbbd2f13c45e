import type { UserId } from '../../../domain/ids.ts';
import type { Call } from './call.ts';

/** Smaller bodies are not counted: Node.js stops reading requests from a connection with this much to send. */
const MIN_COUNTED_BYTES = 16_384;
const BYTES_PER_ITEM = 1_024;
const MAX_PAGE_BYTES = 1_024 * 1_024;

/** Reserved for a page before its size is known. */
export const pageBytes = (limit: number): number => Math.min(limit * BYTES_PER_ITEM, MAX_PAGE_BYTES);

/** @returns 0 for bodies that are not counted */
export function countedBytes(payload: unknown): number {
  if (typeof payload !== 'string' && !(payload instanceof Buffer)) return 0;
  const bytes = Buffer.byteLength(payload);
  return bytes < MIN_COUNTED_BYTES ? 0 : bytes;
}

/** Bounds the response bodies that wait to be sent, by user. Beyond the bound, users with the most get no more pages. */
export class ResponseBytes {
  readonly #max: number;
  readonly #bytes = new Map<UserId, number>();
  #total = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get total(): number {
    return this.#total;
  }

  /** @returns whether the user may have a response of this size */
  allows(userId: UserId, bytes: number): boolean {
    const own = this.#bytes.get(userId);
    if (bytes === 0 || own === undefined || this.#total + bytes <= this.#max) return true;
    for (const other of this.#bytes.values()) if (other > own) return true;
    return false;
  }

  /** Replaces what is counted for the call. */
  set(call: Call, bytes: number): void {
    const { userId, responseBytes } = call;
    if (userId === undefined || bytes === responseBytes) return;
    const own = (this.#bytes.get(userId) ?? 0) + bytes - responseBytes;
    if (own === 0) this.#bytes.delete(userId);
    else this.#bytes.set(userId, own);
    this.#total += bytes - responseBytes;
    call.responseBytes = bytes;
  }
}
