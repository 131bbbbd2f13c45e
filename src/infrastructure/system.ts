import { createHash, randomUUID } from 'node:crypto';
import type { Clock, IdGenerator } from '../application/ports.ts';
import type { TaskId, UserId } from '../domain/ids.ts';

export const systemClock: Clock = { now: () => new Date() };

const SEQUENCE_END = 0x1000;

/**
 * New ids are UUIDs of version 7 (RFC 9562, section 5.7): a 48-bit time in milliseconds, then a 12-bit counter within the
 * millisecond (section 6.2, method 1), then random bits. Ids of one process only grow, whatever the clock does.
 */
export class UuidGenerator implements IdGenerator {
  #millisecond = 0;
  #sequence = 0;

  next(): TaskId {
    this.#advance(Date.now());
    const time = hex(this.#millisecond, 12);
    // From a UUID of version 4, which has the variant and the random bits in the same places.
    const rest = randomUUID().slice('01234567-89ab-cdef'.length);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(this.#sequence, 3)}${rest}` as TaskId;
  }

  /** A UUID of version 8 (RFC 9562, section 5.8): the first bits of a SHA-256 over owner and key. */
  derive(owner: UserId, key: string): TaskId {
    const bytes = createHash('sha256')
      .update(JSON.stringify([owner, key]))
      .digest()
      .subarray(0, 16);
    bytes.writeUInt8(0x80 | (bytes.readUInt8(6) & 0x0f), 6);
    // The variant (section 4.1).
    bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') as TaskId;
  }

  #advance(now: number): void {
    this.#sequence++;
    if (now <= this.#millisecond && this.#sequence < SEQUENCE_END) return;
    this.#millisecond = Math.max(now, this.#millisecond + 1);
    this.#sequence = 0;
  }
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
