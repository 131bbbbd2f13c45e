import type { TaskNotFound } from '../domain/failures.ts';
import type { TaskId, UserId } from '../domain/ids.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import type { Task } from '../domain/task.ts';
import type { CallOptions, TaskRepository } from './ports.ts';

export class GetTask {
  readonly #tasks: TaskRepository;

  constructor(tasks: TaskRepository) {
    this.#tasks = tasks;
  }

  async execute(owner: UserId, id: TaskId, options?: CallOptions): Promise<Result<Task, TaskNotFound>> {
    const task = await this.#tasks.find(owner, id, options);
    return task === undefined || task.deletedAt !== null ? fail({ kind: 'task-not-found' }) : ok(task);
  }
}
