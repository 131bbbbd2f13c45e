import type { StoredTask } from '../database/data-set.ts';
import { etagOf, type HttpResponse } from './response.ts';

/** @returns what is wrong with a response, `undefined` if it is correct */
export type Check = (response: HttpResponse, isSample: boolean) => string | undefined;

interface TaskBody {
  readonly id: string;
  readonly user_id: string;
  readonly title: string;
  readonly description: string | null;
  readonly completed: boolean;
  readonly revision: number;
}

export const statusIs = (response: HttpResponse, status: number): string | undefined =>
  response.status === status
    ? undefined
    : `status ${response.status} instead of ${status}: ${response.body.toString('latin1', 0, 200)}`;

/** Checks the user and, if known, the id of every response. Samples are parsed and compared completely. */
export function isTask(
  response: HttpResponse,
  user: string,
  id: string | undefined,
  isSample: boolean,
): string | undefined {
  if (!response.body.includes(`"user_id":"${user}"`)) return `not a task of ${user}`;
  if (id !== undefined && !response.body.includes(`"id":"${id}"`)) return `not the task ${id}`;
  const etag = etagOf(response);
  if (etag === undefined) return 'no ETag';
  if (!isSample) return undefined;
  const body: TaskBody = JSON.parse(response.body.toString());
  if (body.user_id !== user || (id !== undefined && body.id !== id)) return 'another task';
  return etag === `"${body.revision}"` ? undefined : `ETag ${etag} of revision ${body.revision}`;
}

/** Compares a task with the data set. */
export function isAsStored({ body }: HttpResponse, task: StoredTask): string | undefined {
  const { title, description, completed, revision }: TaskBody = JSON.parse(body.toString());
  const isSame =
    title === task.title &&
    description === task.description &&
    completed === task.completed &&
    revision === task.revision;
  return isSame ? undefined : `${task.id} differs from the data set`;
}

/** @param ids expected ids, in order */
export function isPage(response: HttpResponse, user: string, ids: () => readonly string[], isSample: boolean) {
  if (!response.body.includes(`"user_id":"${user}"`)) return `no list of ${user}`;
  if (!isSample) return undefined;
  const { tasks }: { tasks: readonly TaskBody[] } = JSON.parse(response.body.toString());
  if (!tasks.every(({ user_id }) => user_id === user)) return `tasks of other users in the list of ${user}`;
  return tasks.map(({ id }) => id).join() === ids().join() ? undefined : `not the requested page of ${user}`;
}
