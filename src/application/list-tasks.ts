import type { UserId } from '../domain/ids.ts';
import type { CallOptions, ListQuery, Page, TaskRepository } from './ports.ts';

export class ListTasks {
  readonly #tasks: TaskRepository;

  constructor(tasks: TaskRepository) {
    this.#tasks = tasks;
  }

  execute(owner: UserId, query: ListQuery, options?: CallOptions): Promise<Page> {
    return this.#tasks.list(owner, query, options);
  }
}
