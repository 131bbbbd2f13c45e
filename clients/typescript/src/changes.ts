import type { Client } from 'openapi-fetch';
import { pause } from './pause.ts';
import { ProblemError } from './problem-error.ts';
import type { components, paths } from './schema.ts';

type Task = components['schemas']['Task'];
type Tombstone = components['schemas']['Tombstone'];

/** How far a copy is. Plain data, to be stored together with the copy. */
export interface Position {
  readonly since: number;
  /** Only within the first walk through all tasks. */
  readonly snapshot?: number;
}

export interface ChangesPage {
  /** Whether the copy has to be emptied before: the feed begins anew, because the history is not all there. */
  readonly reset: boolean;
  readonly tasks: readonly Task[];
  readonly deleted: readonly Tombstone[];
  /** Where to go on once the page has been applied. */
  readonly position: Position;
  /** Whether another page is there already. */
  readonly hasMore: boolean;
}

export interface Follow {
  /** The beginning, unless given. */
  readonly from?: Position | undefined;
  /** Come back so long after the last page, until `signal` aborts that. Without it the feed ends at the last page. */
  readonly pollMs?: number;
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** Who applies all pages in order, each together with its position, holds exactly what the service holds. */
export async function* followChanges(
  api: Client<paths>,
  user_id: string,
  { from, pollMs, limit, signal = new AbortController().signal }: Follow,
): AsyncGenerator<ChangesPage> {
  let position = from;
  let tag: string | undefined;
  for (;;) {
    const { data, error, response } = await api.GET('/api/{user_id}/tasks/changes', {
      params: {
        path: { user_id },
        query: { ...position, ...(limit !== undefined && { limit }) },
        header: tag === undefined ? {} : { 'If-None-Match': tag },
      },
      signal,
    });
    if (data !== undefined) {
      const reset = position === undefined;
      position = { since: data.revision, ...snapshotOf(response) };
      tag = `"${data.revision}"`;
      yield { reset, ...sorted(data.changes), position, hasMore: data.has_more };
      if (data.has_more) continue;
    } else if (response.status === 410) {
      position = tag = undefined;
      continue;
    } else if (response.status !== 304) {
      throw new ProblemError(response, error);
    }
    if (pollMs === undefined) return;
    await pause(pollMs, signal);
  }
}

/** The part of the link to the next page that tells a first walk from one that knows the past. */
function snapshotOf({ headers }: Response): { snapshot?: number } {
  const snapshot = /[?&]snapshot=(\d+)/.exec(headers.get('link') ?? '')?.[1];
  return snapshot === undefined ? {} : { snapshot: Number(snapshot) };
}

const sorted = (changes: readonly (Task | Tombstone)[]) => ({
  tasks: changes.filter(isTask),
  deleted: changes.filter((change): change is Tombstone => !isTask(change)),
});

const isTask = (change: Task | Tombstone): change is Task => 'title' in change;
