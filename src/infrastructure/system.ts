import { randomBytes } from 'node:crypto';
import type { Clock, IdGenerator } from '../application/ports.ts';
import type { TaskId } from '../domain/ids.ts';

export const systemClock: Clock = { now: () => new Date() };

const SEQUENCE_END = 0x1000;

/**
 * UUIDs of version 7 (RFC 9562, section 5.7): a 48-bit time in milliseconds, then a 12-bit counter within the
 * millisecond (section 6.2, method 1), then random bits. Ids of one process only grow, whatever the clock does.
 */
export class UuidV7Generator implements IdGenerator {
  #millisecond = 0;
  #sequence = 0;

  next(): TaskId {
    this.#advance(Date.now());
    const bytes = randomBytes(16);
    bytes.writeUIntBE(this.#millisecond, 0, 6);
    bytes.writeUInt16BE(0x7000 | this.#sequence, 6);
    bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
    const hex = bytes.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as TaskId;
  }

  #advance(now: number): void {
    this.#sequence++;
    if (now <= this.#millisecond && this.#sequence < SEQUENCE_END) return;
    this.#millisecond = Math.max(now, this.#millisecond + 1);
    this.#sequence = 0;
  }
}
