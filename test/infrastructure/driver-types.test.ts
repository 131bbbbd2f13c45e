import fc from 'fast-check';
import pg from 'pg';
import { expect, it } from 'vitest';
import { driverTypes, parseTimestamp } from '../../src/infrastructure/postgres/connection/driver-types.ts';

const usual: (text: string) => Date = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ);

/** As a server writes it whose time zone is UTC: without the zeros at the end. */
const written = (time: Date): string =>
  `${time
    .toISOString()
    .slice(0, -1)
    .replace('T', ' ')
    .replace(/(?<=\.\d*)0+$|\.0*$/, '')}+00`;

it('reads every time as the driver does', () => {
  const anyTime = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(anyTime, (time) => {
      const text = written(time);
      expect(parseTimestamp(text)).toEqual(usual(text));
    }),
    { numRuns: 2_000 },
  );
});

it.each([
  '2026-11-21 08:15:30.125+00',
  '2026-11-21 08:15:30+00',
  '2026-11-21 08:15:30.5+00',
  '2026-11-21 08:15:30.125+02',
  '2026-11-21 08:15:30.125-03:30',
  '2026-11-21 08:15:30.123456+00',
  '0099-12-31 08:15:30.125+00',
  '10000-01-01 08:15:30.12+00',
  '0044-03-15 08:15:30.125+00 BC',
])('reads %s as the driver does', (text) => {
  expect(parseTimestamp(text)).toEqual(usual(text));
});

it('leaves all other types to the driver', () => {
  const { BOOL, TIMESTAMPTZ } = pg.types.builtins;
  expect(driverTypes.getTypeParser(BOOL, 'text')('t')).toBe(true);
  expect(driverTypes.getTypeParser(TIMESTAMPTZ, 'text')).toBe(parseTimestamp);
});
