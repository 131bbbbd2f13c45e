const UNIT_MS: Record<string, number> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };
const AGO = /^([0-9]{1,5})([hdw])$/;
const DATE = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;

export const MOMENT_FORMS = '30d, 12h or 4w (ago), or a date as 2026-10-31 or 2026-10-31T12:00:00Z';

/** @returns a moment in the past, `undefined` for anything else */
export function parseMoment(text: string, now: Date): Date | undefined {
  const [, count, unit = ''] = AGO.exec(text) ?? [];
  if (count !== undefined) return new Date(now.getTime() - Number(count) * (UNIT_MS[unit] ?? 0));

  const [, day] = DATE.exec(text) ?? [];
  const moment = new Date(text);
  return day !== undefined && isOnCalendar(day) && moment <= now ? moment : undefined;
}

/** To JavaScript, the 31st of February is the 3rd of March. */
function isOnCalendar(day: string): boolean {
  const date = new Date(day);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
