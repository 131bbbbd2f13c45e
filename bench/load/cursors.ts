import { type DataSetSize, userName } from '../database/data-set.ts';

export const PAGE = 100;
const STEP = 1_000;
const DEEPEST = 10_000;

/** Leads to a page that begins with task `k` of the big user. */
export interface Cursor {
  readonly k: number;
  readonly cursor: string;
}

/** Number of the deepest page of 100: the 10,000th, or the last full one. */
export const deepestPage = ({ big }: DataSetSize): number => Math.min(DEEPEST, Math.floor(big / PAGE));

/** Walks down the big user's list, because only the program itself knows the format of its cursors. */
export async function walkToDeepestPage(port: number, size: DataSetSize): Promise<readonly Cursor[]> {
  const cursors: Cursor[] = [];
  let left = (deepestPage(size) - 1) * PAGE;
  let after = '';
  while (left > 0) {
    const url = `http://127.0.0.1:${port}/api/${userName(0)}/tasks?limit=${Math.min(STEP, left)}${after}`;
    const response = await fetch(url);
    const { tasks = [], next_cursor } = (await response.json()) as { tasks?: unknown[]; next_cursor?: string };
    if (tasks.length === 0 || !next_cursor) throw new Error(`no next page after status ${response.status}`);
    left -= tasks.length;
    after = `&cursor=${next_cursor}`;
    cursors.push({ k: size.big - (deepestPage(size) - 1) * PAGE + left, cursor: next_cursor });
  }
  return cursors;
}
