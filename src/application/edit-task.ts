import type { InvalidTask } from '../domain/failures.ts';
import type { TaskId, UserId } from '../domain/ids.ts';
import type { Result } from '../domain/result.ts';
import { Task, type TaskEdit } from '../domain/task.ts';
import type { ChangeFailure, ExpectedRevisions, TaskChanges } from './change-task.ts';
import type { CallOptions, Clock } from './ports.ts';

/** Changes what the edit names. To replace a task is to name everything. */
export class EditTask {
  readonly #changes: TaskChanges;
  readonly #clock: Clock;

  constructor(changes: TaskChanges, clock: Clock) {
    this.#changes = changes;
    this.#clock = clock;
  }

  execute(
    owner: UserId,
    id: TaskId,
    edit: TaskEdit,
    expected?: ExpectedRevisions,
    options?: CallOptions,
  ): Promise<Result<Task, ChangeFailure | InvalidTask>> {
    const decide = (task: Task) => Task.edit(task, edit, this.#clock.now());
    return this.#changes.change({ owner, id, expected }, decide, options);
  }
}
