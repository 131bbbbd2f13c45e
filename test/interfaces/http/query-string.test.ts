import { describe, expect, it } from 'vitest';
import { parseQueryString } from '../../../src/interfaces/http/query-string.ts';

describe('a query string', () => {
  it('keeps every value of a name that is repeated, in their order', () => {
    expect(parseQueryString('a=1&b=2&a=3&a=&a')).toEqual({ a: ['1', '3', '', ''], b: '2' });
  });

  it('of one name again and again is read in one pass', () => {
    // In a pass for each, the test would be given up as too slow.
    const { a } = parseQueryString('a&'.repeat(20_000));
    expect(a).toHaveLength(20_000);
  });
});
