import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Burst, ENDINGS, INVARIANTS, QUERIES, type Schedule, Simulation } from './simulation.ts';

/** The fake clock does not cover this module. */
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  // Not covered by the fake clock: what arrives in one turn of the event loop is sent when it ends.
  vi.stubGlobal('setImmediate', queueMicrotask);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const often = <T>(value: T) => ({ arbitrary: fc.constant(value), weight: 12 });

const bursts: fc.Arbitrary<Burst> = fc.record({
  atMs: fc.nat(60),
  user: fc.oneof({ arbitrary: fc.constant(0), weight: 2 }, { arbitrary: fc.nat(4), weight: 3 }),
  query: fc.nat(QUERIES.length - 1),
  count: fc.oneof({ arbitrary: fc.integer({ min: 1, max: 3 }), weight: 5 }, { arbitrary: fc.nat(40), weight: 1 }),
  tasks: fc.constantFrom(1, 2, 50),
  abortAfterMs: fc.oneof(often(undefined), { arbitrary: fc.nat(60), weight: 4 }),
  lockedMs: fc.oneof(often(0), { arbitrary: fc.constantFrom(30, 300, 4_000), weight: 3 }),
});

const schedules: fc.Arbitrary<Schedule> = fc.record({
  sizes: fc.record({
    read: fc.integer({ min: 1, max: 2 }),
    write: fc.integer({ min: 1, max: 2 }),
    isolated: fc.integer({ min: 1, max: 2 }),
    page: fc.integer({ min: 1, max: 3 }),
    scan: fc.integer({ min: 1, max: 3 }),
  }),
  canBatch: fc.boolean(),
  bursts: fc.array(bursts, { minLength: 1, maxLength: 40, size: 'max' }),
  connects: fc.array(
    fc.record({ ms: fc.nat(20), fails: fc.oneof(often(false), { arbitrary: fc.constant(true), weight: 1 }) }),
    { minLength: 1, maxLength: 10 },
  ),
  statements: fc.array(
    fc.record({
      ms: fc.integer({ min: 1, max: 20 }),
      ending: fc.oneof(often('rows' as const), { arbitrary: fc.constantFrom(...ENDINGS), weight: 2 }),
    }),
    { minLength: 1, maxLength: 20 },
  ),
  deathsMs: fc.array(fc.nat(80), { maxLength: 2 }),
});

describe('in any schedule, the scheduler', () => {
  it.each(INVARIANTS)('%s', async (invariant) => {
    await fc.assert(
      fc.asyncProperty(schedules, async (schedule) => {
        const violations = await Simulation.run(schedule);
        expect(violations.get(invariant)).toBeUndefined();
      }),
      { numRuns: 150 },
    );
  });
});
