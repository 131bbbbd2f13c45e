import { randomUUID } from 'node:crypto';
import {
  ProblemError,
  type Seen,
  TaskClient,
  type TaskClientOptions,
} from '../../clients/typescript/src/task-client.ts';
import type { Edit, FileStore, Operation, State, Task } from './store.ts';

export interface OfflineClientOptions extends TaskClientOptions {
  readonly store: Pick<FileStore, 'load' | 'save'>;
}

/**
 * Works on a copy of an owner's tasks, whether or not the service can be reached. What is done is written down first, and
 * sent when `sync` is called. Killed at any moment and started again, it goes on: everything that it sends can be repeated.
 */
export class OfflineClient {
  readonly #service: TaskClient;
  readonly #store: OfflineClientOptions['store'];

  constructor({ store, ...service }: OfflineClientOptions) {
    this.#service = new TaskClient(service);
    this.#store = store;
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
    const { id } = operation;
    try {
      if (operation.kind === 'create') return await this.#service.create({ id, ...operation.edit });
      const revision = operation.base ?? tasks[id]?.revision ?? (await this.#service.get(id)).revision;
      if (operation.kind === 'edit') return await this.#sendEdit({ id, revision }, operation.edit);
      // What was changed elsewhere since is not removed: whoever changed it wants to keep it.
      const outcome = await this.#service.delete({ id, revision });
      return outcome.ok ? undefined : outcome.current;
    } catch (error) {
      // Deleted elsewhere, or by an attempt of ours whose answer was lost.
      if (error instanceof ProblemError && GONE.includes(error.code)) return undefined;
      throw error;
    }
  }

  /** The fields that were edited here win, all others stay as they are there. */
  async #sendEdit(seen: Seen, edit: Edit): Promise<Task> {
    const outcome = await this.#service.edit(seen, edit);
    return outcome.ok ? outcome.task : this.#sendEdit(outcome.current, edit);
  }

  async #pull(): Promise<void> {
    const { position } = await this.#store.load();
    for await (const page of this.#service.changes({ from: position })) {
      const state = await this.#store.load();
      const tasks = page.reset ? {} : { ...state.tasks };
      for (const task of page.tasks) tasks[task.id] = task;
      for (const { id } of page.deleted) delete tasks[id];
      await this.#store.save({ ...state, tasks, position: page.position });
    }
  }
}

const GONE: readonly unknown[] = ['task-not-found', 'task-deleted'];

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
