import type { TaskId, UserId } from '../domain/ids.ts';
import { ok, type Result } from '../domain/result.ts';
import { Task } from '../domain/task.ts';
import { type ChangeFailure, changeTask, type ExpectedRevisions } from './change-task.ts';
import type { Clock, TaskRepository } from './ports.ts';

export class RestoreTask {
  readonly #tasks: TaskRepository;
  readonly #clock: Clock;

  constructor(tasks: TaskRepository, clock: Clock) {
    this.#tasks = tasks;
    this.#clock = clock;
  }

  execute(owner: UserId, id: TaskId, expected?: ExpectedRevisions): Promise<Result<Task, ChangeFailure>> {
    return changeTask(this.#tasks, { owner, id, expected, deleted: true }, (task) =>
      ok(Task.restore(task, this.#clock.now())),
    );
  }
}
