import type { Fault } from './faults.ts';
import { size } from './sizes.ts';

/** Longer than a request may take, so that no fault is hidden by waiting for its end. */
const SILENCE_MS = size('NETWORK_SILENCE_MS', 11_000, 30_000);
const FAULT_MS = size('NETWORK_FAULT_MS', 3_000, 30_000);
export const ALL_MODES = size('NETWORK_MODES', 0, 1) === 1;

export type NetworkCase = [what: string, fault: Fault, lasting: number];

export const SHORT: NetworkCase[] = [
  ['nothing comes through any more', { kind: 'freeze' }, SILENCE_MS],
  ['connections are reset', { kind: 'rst' }, FAULT_MS],
];
const OTHERS: NetworkCase[] = [
  ['answers do not come through', { kind: 'freezeDown' }, SILENCE_MS],
  ['connections are closed', { kind: 'fin' }, FAULT_MS],
  ['nobody listens', { kind: 'refuse' }, FAULT_MS],
  ['connecting takes five seconds', { kind: 'acceptDelay', ms: 5_000 }, FAULT_MS],
  ['everything is late by 300 ms', { kind: 'latency', ms: 300, jitterMs: 100 }, FAULT_MS],
  ['everything is late by 5 s', { kind: 'latency', ms: 5_000 }, FAULT_MS],
  ['bytes trickle', { kind: 'slicer', bytes: 16, pauseMs: 20 }, FAULT_MS],
  ['the first bytes alone come', { kind: 'limitBytes', bytes: 64 }, FAULT_MS],
  ['a connection carries 4 kB', { kind: 'limitBytes', bytes: 4_096 }, FAULT_MS],
  ['inserts never arrive', { kind: 'killOn', pattern: /insert/i }, FAULT_MS],
  ['answers to inserts get lost', { kind: 'killAfterComplete', pattern: /insert/i }, FAULT_MS],
  ['what was committed is not told', { kind: 'killAfterReady', pattern: /insert/i }, FAULT_MS],
];

export const CASES = ALL_MODES ? [...SHORT, ...OTHERS] : SHORT;
