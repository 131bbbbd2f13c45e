import { DESCRIPTION_MAX_LENGTH, TITLE_MAX_LENGTH } from '../domain/limits.ts';
import type { Task } from '../domain/task.ts';

/** UTF-8 bytes. A page ends before its titles and descriptions exceed them. */
export const PAGE_MAX_BYTES = 1_048_576;

/** A code point has at most 4 bytes. Far below `PAGE_MAX_BYTES`, so every page has room for a task. */
const TASK_MAX_BYTES = 4 * (TITLE_MAX_LENGTH + DESCRIPTION_MAX_LENGTH);

/** Whether a page of so many tasks can exceed `PAGE_MAX_BYTES`. */
export const canExceedPageBytes = (limit: number): boolean => limit * TASK_MAX_BYTES > PAGE_MAX_BYTES;

/** UTF-8 bytes of title and description. */
export const textBytes = ({ title, description }: Pick<Task, 'title' | 'description'>): number =>
  Buffer.byteLength(title) + Buffer.byteLength(description ?? '');

/** The longest page that `tasks` begin with: at most `limit` of them, and at most `PAGE_MAX_BYTES` of text. */
export function firstPage(tasks: readonly Task[], limit: number): Task[] {
  const page: Task[] = [];
  let bytes = 0;
  for (const task of tasks.slice(0, limit)) {
    bytes += textBytes(task);
    if (bytes > PAGE_MAX_BYTES) break;
    page.push(task);
  }
  return page;
}
