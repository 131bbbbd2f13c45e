import type { UserId } from '../domain/ids.ts';
import type { ListQuery, Page, TaskRepository } from './ports.ts';

export class ListTasks {
  readonly #tasks: TaskRepository;

  constructor(tasks: TaskRepository) {
    this.#tasks = tasks;
  }

  execute(owner: UserId, query: ListQuery): Promise<Page> {
    return this.#tasks.list(owner, query);
  }
}
