import createClient, { type Client } from 'openapi-fetch';
import { type ChangesPage, type Follow, followChanges } from './changes.ts';
import { ProblemError } from './problem-error.ts';
import { type RepeatOptions, repeatingFetch, wasRepeated } from './repeating-fetch.ts';
import type { components, operations, paths } from './schema.ts';

export type { ChangesPage, Follow, Position } from './changes.ts';
export { type Problem, ProblemError } from './problem-error.ts';

export type Task = components['schemas']['Task'];
export type NewTask = components['schemas']['NewTask'];
export type TaskPatch = components['schemas']['TaskPatch'];
export type TaskPage = components['schemas']['TaskPage'];
export type ListQuery = NonNullable<operations['listTasks']['parameters']['query']>;

/** Which task, and as of when: a `Task` is one. */
export type Seen = Pick<Task, 'id' | 'revision'>;

/** What became of a change: the task as it now stands, or, if it has changed since it was seen, what it has become. */
export type Outcome<T = Task> =
  | { readonly ok: true; readonly task: T }
  | { readonly ok: false; readonly current: Task };

export interface TaskClientOptions extends RepeatOptions {
  /** As http://127.0.0.1:3000 */
  readonly baseUrl: string;
  readonly owner: string;
}

/**
 * The tasks of one owner. Every change is guarded by the revision that was seen, and every create named, so that each can
 * be repeated when an answer gets lost. There is no toggle.
 * @throws {ProblemError} from every method, for answers that are not part of its result
 */
export class TaskClient {
  /** Every route with its types, for what the methods below do not cover. Repeats as they do. */
  readonly api: Client<paths>;
  readonly #owner: string;

  constructor({ baseUrl, owner, ...repeat }: TaskClientOptions) {
    this.api = createClient<paths>({ baseUrl, fetch: repeatingFetch(repeat) });
    this.#owner = owner;
  }

  /** @returns the task as it now stands, also when an earlier attempt had created it */
  async create({ id = crypto.randomUUID(), ...content }: NewTask): Promise<Task> {
    const { data, error, response } = await this.api.POST('/api/{user_id}/tasks', {
      params: { path: { user_id: this.#owner } },
      body: { id, ...content },
    });
    return data ?? fail(response, error);
  }

  async get(id: string): Promise<Task> {
    const { data, error, response } = await this.api.GET('/api/{user_id}/tasks/{id}', { params: this.#task(id) });
    return data ?? fail(response, error);
  }

  /** One page. */
  async list(query: ListQuery = {}): Promise<TaskPage> {
    const params = { path: { user_id: this.#owner }, query };
    const { data, error, response } = await this.api.GET('/api/{user_id}/tasks', { params });
    return data ?? fail(response, error);
  }

  /** All pages, task by task. */
  async *all(query: Omit<ListQuery, 'cursor' | 'count'> = {}): AsyncGenerator<Task> {
    let cursor: string | null | undefined;
    do {
      const page: TaskPage = await this.list({ ...query, ...(cursor && { cursor }) });
      yield* page.tasks;
      cursor = page.next_cursor;
    } while (cursor !== null);
  }

  /** Changes the fields that the patch names. */
  async edit(seen: Seen, patch: TaskPatch): Promise<Outcome> {
    const params = this.#guarded(seen);
    const answer = await this.api.PATCH('/api/{user_id}/tasks/{id}', { params, body: patch });
    return outcomeOf(answer, (current) => holds(current, patch));
  }

  /** As `edit`, but after a conflict asks again what to change, given the task as it then stands. */
  async update(seen: Task, decide: (current: Task) => TaskPatch): Promise<Task> {
    const outcome = await this.edit(seen, decide(seen));
    return outcome.ok ? outcome.task : this.update(outcome.current, decide);
  }

  async complete(seen: Seen, completed = true): Promise<Outcome> {
    const params = this.#guarded(seen);
    const answer = await this.api.PATCH('/api/{user_id}/tasks/{id}/complete', { params, body: { completed } });
    return outcomeOf(answer, (current) => current.completed === completed);
  }

  async delete(seen: Seen): Promise<Outcome<undefined>> {
    const answer = await this.api.DELETE('/api/{user_id}/tasks/{id}', { params: this.#guarded(seen) });
    // Gone, as it should be, when an attempt whose answer was lost may have done it.
    const isGone = answer.response.status === 404 && wasRepeated(answer.response);
    if (answer.response.ok || isGone) return { ok: true, task: undefined };
    return conflictOf(answer.response, answer.error);
  }

  /** @param seen as it is in the trash */
  async restore(seen: Seen): Promise<Outcome> {
    const answer = await this.api.POST('/api/{user_id}/tasks/{id}/restore', { params: this.#guarded(seen) });
    return outcomeOf(answer, (current) => current.deleted_at === undefined);
  }

  /** What has changed, page by page, to keep a copy. */
  changes(follow: Follow = {}): AsyncGenerator<ChangesPage> {
    return followChanges(this.api, this.#owner, follow);
  }

  #task = (id: string) => ({ path: { user_id: this.#owner, id } });
  #guarded = ({ id, revision }: Seen) => ({ ...this.#task(id), header: { 'If-Match': `"${revision}"` } });
}

interface Answer {
  readonly data?: Task | undefined;
  readonly error?: unknown;
  readonly response: Response;
}

/** @param isWanted whether a task is as the change would have made it: then an attempt whose answer was lost did it */
function outcomeOf({ data, error, response }: Answer, isWanted: (current: Task) => boolean): Outcome {
  if (data !== undefined) return { ok: true, task: data };
  const conflict = conflictOf(response, error);
  return wasRepeated(response) && isWanted(conflict.current) ? { ok: true, task: conflict.current } : conflict;
}

function conflictOf(response: Response, body: unknown): { readonly ok: false; readonly current: Task } {
  const error = new ProblemError(response, body);
  if (error.problem?.current === undefined) throw error;
  return { ok: false, current: error.problem.current };
}

const holds = (task: Task, patch: TaskPatch): boolean =>
  Object.entries(patch).every(([name, value]) => task[name as keyof TaskPatch] === value);

function fail(response: Response, body: unknown): never {
  throw new ProblemError(response, body);
}
