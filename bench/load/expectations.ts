import type { StoredTask } from '../database/data-set.ts';
import { type Answer, etagIn } from './answer.ts';

/** @returns what is wrong with an answer, nothing if it is right */
export type Check = (answer: Answer, isSample: boolean) => string | undefined;

interface TaskBody {
  readonly id: string;
  readonly user_id: string;
  readonly title: string;
  readonly description: string | null;
  readonly completed: boolean;
  readonly revision: number;
}

export const statusIs = (answer: Answer, status: number): string | undefined =>
  answer.status === status
    ? undefined
    : `status ${answer.status} instead of ${status}: ${answer.body.toString('latin1', 0, 200)}`;

/** Every answer carries the owner and, where it is known, the id that was asked for. A sample is read whole. */
export function isTask(answer: Answer, owner: string, id: string | undefined, isSample: boolean): string | undefined {
  if (!answer.body.includes(`"user_id":"${owner}"`)) return `not a task of ${owner}`;
  if (id !== undefined && !answer.body.includes(`"id":"${id}"`)) return `not the task ${id}`;
  const etag = etagIn(answer);
  if (etag === undefined) return 'no ETag';
  if (!isSample) return undefined;
  const body: TaskBody = JSON.parse(answer.body.toString());
  if (body.user_id !== owner || (id !== undefined && body.id !== id)) return 'another task';
  return etag === `"${body.revision}"` ? undefined : `ETag ${etag} of revision ${body.revision}`;
}

/** Whether a task is as it was stored at first. */
export function isAsStored({ body }: Answer, task: StoredTask): string | undefined {
  const { title, description, completed, revision }: TaskBody = JSON.parse(body.toString());
  const isSame =
    title === task.title &&
    description === task.description &&
    completed === task.completed &&
    revision === task.revision;
  return isSame ? undefined : `${task.id} is not as it was stored`;
}

/** @param ids of the tasks that must be on the page, in their order */
export function isPage(answer: Answer, owner: string, ids: () => readonly string[], isSample: boolean) {
  if (!answer.body.includes(`"user_id":"${owner}"`)) return `no list of ${owner}`;
  if (!isSample) return undefined;
  const { tasks }: { tasks: readonly TaskBody[] } = JSON.parse(answer.body.toString());
  if (!tasks.every(({ user_id }) => user_id === owner)) return `tasks of others in the list of ${owner}`;
  return tasks.map(({ id }) => id).join() === ids().join() ? undefined : `not the page of ${owner} that was asked for`;
}
