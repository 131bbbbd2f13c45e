import type { TaskId, UserId } from '../domain/ids.ts';
import { ok, type Result } from '../domain/result.ts';
import { Task } from '../domain/task.ts';
import type { ChangeFailure, ExpectedRevisions, TaskChanges } from './change-task.ts';
import type { CallOptions, Clock } from './ports.ts';

export class DeleteTask {
  readonly #changes: TaskChanges;
  readonly #clock: Clock;

  constructor(changes: TaskChanges, clock: Clock) {
    this.#changes = changes;
    this.#clock = clock;
  }

  /** Leaves a tombstone, which it answers. */
  execute(
    owner: UserId,
    id: TaskId,
    expected?: ExpectedRevisions,
    options?: CallOptions,
  ): Promise<Result<Task, ChangeFailure>> {
    const decide = (task: Task) => ok(Task.delete(task, this.#clock.now()));
    return this.#changes.change({ owner, id, expected }, decide, options);
  }
}
