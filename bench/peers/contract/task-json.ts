import type { TaskRow } from './tasks.ts';

export const toTaskJson = (row: TaskRow) => ({
  id: row.id,
  user_id: row.user_id,
  title: row.title,
  description: row.description,
  completed: row.completed,
  completed_at: row.completed_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
  revision: Number(row.revision),
});

export const etagOf = (revision: number | string): string => `"${revision}"`;

/** @returns the revision, if the header has exactly one tag */
export function revisionOf(tag: string | undefined): number | undefined {
  const [, digits] = /^"([1-9][0-9]{0,15})"$/.exec(tag ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits);
}
