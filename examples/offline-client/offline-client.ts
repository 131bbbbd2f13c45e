import { randomUUID } from 'node:crypto';
import type { Edit, FileStore, Operation, State, Task } from './store.ts';

interface ChangesPage {
  readonly changes: readonly (Task | { readonly id: string; readonly revision: number; readonly deleted_at: string })[];
  readonly revision: number;
  readonly has_more: boolean;
}

/** What a 412 says: how the task stands now. */
interface Conflict {
  readonly current: Task;
}

export interface OfflineClientOptions {
  /** Of the owner's list, as http://127.0.0.1:3000/api/alice/tasks */
  readonly list: string;
  readonly store: Pick<FileStore, 'load' | 'save'>;
  readonly fetch?: typeof fetch;
}

/**
 * Works on a copy of an owner's tasks, whether or not the service can be reached. What is done is written down first, and
 * sent when `sync` is called. Killed at any moment and started again, it goes on: everything that it sends can be repeated.
 */
export class OfflineClient {
  readonly #list: string;
  readonly #store: OfflineClientOptions['store'];
  readonly #fetch: typeof fetch;

  constructor({ list, store, fetch = globalThis.fetch }: OfflineClientOptions) {
    this.#list = list;
    this.#store = store;
    this.#fetch = fetch;
  }

  /** What the service holds as far as it is known, with all that was done here since. */
  async tasks(): Promise<Task[]> {
    const { tasks, outbox } = await this.#store.load();
    return Object.values(outbox.reduce(applied, tasks));
  }

  async create(title: string): Promise<string> {
    // Named here, so that sending it again creates nothing again.
    const id = randomUUID();
    await this.#do({ kind: 'create', id, edit: { title } });
    return id;
  }

  async edit(id: string, edit: Edit): Promise<void> {
    await this.#do({ kind: 'edit', id, base: (await this.#store.load()).tasks[id]?.revision, edit });
  }

  async remove(id: string): Promise<void> {
    await this.#do({ kind: 'remove', id, base: (await this.#store.load()).tasks[id]?.revision });
  }

  /** Sends what was done here, then fetches what was done elsewhere. @throws when the service cannot be reached */
  async sync(): Promise<void> {
    await this.#push();
    await this.#pull();
  }

  async #do(operation: Operation): Promise<void> {
    const state = await this.#store.load();
    await this.#store.save({ ...state, outbox: [...state.outbox, operation] });
  }

  async #push(): Promise<void> {
    for (;;) {
      const state = await this.#store.load();
      const [operation, ...rest] = state.outbox;
      if (operation === undefined) return;

      const task = await this.#send(operation, state);
      const { [operation.id]: _before, ...others } = state.tasks;
      const tasks = task === undefined ? others : { ...others, [task.id]: task };
      await this.#store.save({ ...state, tasks, outbox: task === undefined ? rest : rest.map(rebasedOn(task)) });
    }
  }

  /** @returns the task as the service now holds it, `undefined` if it does not */
  async #send(operation: Operation, { tasks }: State): Promise<Task | undefined> {
    if (operation.kind === 'create') {
      const answer = await this.#request('POST', this.#list, undefined, { id: operation.id, ...operation.edit });
      // 410: it was created before, and has been deleted since.
      return answer.status === 410 ? undefined : jsonOf<Task>(answer);
    }
    const base = operation.base ?? tasks[operation.id]?.revision;
    return operation.kind === 'edit' ? this.#sendEdit(operation, base) : this.#sendRemoval(operation, base);
  }

  /** The fields that were edited here win, all others stay as they are there. */
  async #sendEdit({ id, edit }: Operation & { kind: 'edit' }, base: number | undefined): Promise<Task | undefined> {
    const answer = await this.#request('PATCH', `${this.#list}/${id}`, base, edit);
    if (answer.status === 404) return undefined;
    if (answer.status !== 412) return jsonOf<Task>(answer);

    // Changed elsewhere, or by this very edit, whose answer was lost: then it changes nothing now.
    const { current } = await jsonOf<Conflict>(answer);
    return this.#sendEdit({ kind: 'edit', id, base, edit }, current.revision);
  }

  /** What was changed elsewhere since is not removed: whoever changed it wants to keep it. */
  async #sendRemoval({ id }: Operation, base: number | undefined): Promise<Task | undefined> {
    const answer = await this.#request('DELETE', `${this.#list}/${id}`, base);
    return answer.status === 412 ? (await jsonOf<Conflict>(answer)).current : undefined;
  }

  async #pull(): Promise<void> {
    for (;;) {
      const state = await this.#store.load();
      const since = state.since === undefined ? '' : `?since=${state.since}`;
      const answer = await this.#request('GET', state.next ?? `${this.#list}/changes${since}`);
      if (answer.status === 410) {
        // The history is not all there, as after a purge: begin again, with nothing but what was not sent.
        await this.#store.save({ ...state, since: undefined, next: undefined, tasks: {} });
        continue;
      }
      const page = await jsonOf<ChangesPage>(answer);
      const tasks = { ...state.tasks };
      for (const change of page.changes) {
        if ('deleted_at' in change) delete tasks[change.id];
        else tasks[change.id] = change;
      }
      const link = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
      const next = link === undefined ? undefined : new URL(link, this.#list).href;
      await this.#store.save({ ...state, tasks, since: page.revision, next });
      if (!page.has_more) return;
    }
  }

  /** Answers that a client has to expect are returned, all others thrown. */
  async #request(method: string, url: string, base?: number, body?: object): Promise<Response> {
    const headers = {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(base !== undefined && { 'if-match': `"${base}"` }),
    };
    const answer = await this.#fetch(url, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (answer.ok || [404, 410, 412].includes(answer.status)) return answer;
    throw new Error(`${method} ${url} was answered with ${answer.status}: ${await answer.text()}`);
  }
}

const jsonOf = async <T>(answer: Response): Promise<T> => (await answer.json()) as T;

type Tasks = Readonly<Record<string, Task>>;

function applied(tasks: Tasks, operation: Operation): Tasks {
  const { [operation.id]: task, ...others } = tasks;
  if (operation.kind === 'remove') return others;
  if (operation.kind === 'create') {
    const created = { id: operation.id, description: null, completed: false, revision: 0, ...operation.edit };
    return { ...others, [operation.id]: task ?? created };
  }
  return task === undefined ? tasks : { ...others, [operation.id]: { ...task, ...operation.edit } };
}

/** What was done here to a task builds on what was done here to it before. */
const rebasedOn =
  (task: Task) =>
  (operation: Operation): Operation =>
    operation.kind === 'create' || operation.id !== task.id ? operation : { ...operation, base: task.revision };
