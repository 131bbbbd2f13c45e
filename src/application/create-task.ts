import type { IdempotencyMismatch, IdTaken, InvalidTask, TaskDeleted } from '../domain/failures.ts';
import type { TaskId, UserId } from '../domain/ids.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import { Task, type TaskContent } from '../domain/task.ts';
import type { CallOptions, Clock, IdGenerator, TaskRepository } from './ports.ts';

/** How the client named the new task, if it did: then the same create again creates nothing. */
export type TaskName = { readonly id: TaskId } | { readonly key: string } | undefined;

export interface Created {
  readonly task: Task;
  /** True when it was created before; the task is then as it now stands. */
  readonly replayed: boolean;
}

export type CreateFailure = InvalidTask | IdTaken | IdempotencyMismatch | TaskDeleted;

export class CreateTask {
  readonly #tasks: TaskRepository;
  readonly #clock: Clock;
  readonly #ids: IdGenerator;

  constructor(tasks: TaskRepository, clock: Clock, ids: IdGenerator) {
    this.#tasks = tasks;
    this.#clock = clock;
    this.#ids = ids;
  }

  async execute(
    owner: UserId,
    content: TaskContent,
    name?: TaskName,
    options?: CallOptions,
  ): Promise<Result<Created, CreateFailure>> {
    const birth = Task.create(this.#idFor(owner, name), owner, content, this.#clock.now());
    if (!birth.ok) return birth;

    const added = await this.#tasks.add(birth.value, options);
    if (!added.ok) return name !== undefined && 'key' in name ? fail({ kind: 'idempotency-mismatch' }) : added;

    const { task, repeated } = added.value;
    if (repeated && task.deletedAt !== null) return fail({ kind: 'task-deleted' });
    // Nobody but us can have created what nobody else could name: the storage was asked twice.
    return ok({ task, replayed: repeated && name !== undefined });
  }

  #idFor(owner: UserId, name: TaskName): TaskId {
    if (name === undefined) return this.#ids.next();
    return 'id' in name ? name.id : this.#ids.derive(owner, name.key);
  }
}
