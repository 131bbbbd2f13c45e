import type { Machine } from '../measure/machine.ts';
import type { Outcomes } from './clients.ts';
import type { Probed } from './probe.ts';

/** Requests of other users. */
export interface Others {
  readonly read: Probed;
  readonly write?: Probed | undefined;
}

/** One scenario against one program in one round. */
export interface UnfairCell {
  readonly round: number;
  readonly target: string;
  readonly scenario: string;
  readonly undisturbed: Others;
  readonly disturbed: Others;
  /** Responses to the user who causes the load. */
  readonly load: Outcomes;
  readonly memory: { readonly beforeMebibytes: number; readonly peakMebibytes: number };
}

export interface UnfairResults {
  readonly kind: 'unfair';
  readonly date: string;
  readonly commit: string;
  readonly machine: Machine;
  readonly settings: { readonly rounds: number; readonly seconds: number };
  readonly cells: readonly UnfairCell[];
}

const P95_FACTOR = 25;
/** Allowed on a small machine, whatever the undisturbed response time is. */
const P95_MS = 500;
const MEMORY_MEBIBYTES = 250;

/** @returns whether other users got no error and no long wait, and memory stayed bounded */
export function isFair({ undisturbed, disturbed, memory }: UnfairCell): boolean {
  const pairs = [
    [undisturbed.read, disturbed.read],
    [undisturbed.write, disturbed.write],
  ] as const;
  const areServed = pairs.every(([before, during]) => {
    if (before === undefined || during === undefined) return true;
    return during.errors === 0 && during.p95 <= Math.max(P95_MS, before.p50 * P95_FACTOR);
  });
  return areServed && memory.peakMebibytes - memory.beforeMebibytes < MEMORY_MEBIBYTES;
}
