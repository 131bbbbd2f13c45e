import fc from 'fast-check';
import { expect, it } from 'vitest';
import { timestampOf } from '../../../src/interfaces/http/timestamp.ts';

it('is what a date makes of itself', () => {
  fc.assert(
    fc.property(fc.array(fc.date({ noInvalidDate: true }), { minLength: 1 }), (times) => {
      expect(times.map(timestampOf)).toEqual(times.map((time) => time.toISOString()));
    }),
    { numRuns: 1_000 },
  );
});

it('is right for more days than are cached, in any order', () => {
  const days = Array.from({ length: 2_500 }, (_, n) => new Date(Date.UTC(2000, 0, 1 + ((n * 7) % 2_400), 10, n % 60)));
  expect(days.map(timestampOf)).toEqual(days.map((time) => time.toISOString()));
});

it.each([
  '1970-01-01T00:00:00.000Z',
  '1969-12-31T23:59:59.999Z',
  '2026-11-21T23:59:59.999Z',
  '2026-11-22T00:00:00.000Z',
])('is right about the edges of days: %s', (text) => {
  expect(timestampOf(new Date(text))).toBe(text);
});
