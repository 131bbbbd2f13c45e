import type { InvalidTask } from '../domain/failures.ts';
import type { TaskId, UserId } from '../domain/ids.ts';
import type { Result } from '../domain/result.ts';
import { Task, type TaskEdit } from '../domain/task.ts';
import { type ChangeFailure, changeTask, type ExpectedRevisions } from './change-task.ts';
import type { Clock, TaskRepository } from './ports.ts';

/** Changes what the edit names. To replace a task is to name everything. */
export class EditTask {
  readonly #tasks: TaskRepository;
  readonly #clock: Clock;

  constructor(tasks: TaskRepository, clock: Clock) {
    this.#tasks = tasks;
    this.#clock = clock;
  }

  execute(
    owner: UserId,
    id: TaskId,
    edit: TaskEdit,
    expected?: ExpectedRevisions,
  ): Promise<Result<Task, ChangeFailure | InvalidTask>> {
    return changeTask(this.#tasks, { owner, id, expected }, (task) => Task.edit(task, edit, this.#clock.now()));
  }
}
