const DAY_MS = 86_400_000;

const padded = (count: number, digits: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => String(n).padStart(digits, '0'));
const PAIRS = padded(60, 2);
const TRIPLES = padded(1_000, 3);

let knownDay = Number.NaN;
let knownText = '';

/**
 * RFC 3339, UTC, milliseconds: as `Date.prototype.toISOString`, in a fraction of its time. The times on a page are mostly of
 * few days, so the latest day is kept.
 */
export function timestampOf(time: Date): string {
  const ms = time.getTime();
  const day = Math.floor(ms / DAY_MS);
  if (day !== knownDay) {
    const text = time.toISOString();
    knownText = text.slice(0, text.indexOf('T') + 1);
    knownDay = day;
  }
  const rest = ms - day * DAY_MS;
  const seconds = Math.floor(rest / 1_000);
  const minutes = Math.floor(seconds / 60);
  const clock = `${PAIRS[Math.floor(minutes / 60)]}:${PAIRS[minutes % 60]}:${PAIRS[seconds % 60]}`;
  return `${knownText}${clock}.${TRIPLES[rest % 1_000]}Z`;
}
