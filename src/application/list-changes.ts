import type { ResyncRequired } from '../domain/failures.ts';
import type { UserId } from '../domain/ids.ts';
import type { Result } from '../domain/result.ts';
import type { ChangePage, ChangesQuery, TaskRepository } from './ports.ts';

export class ListChanges {
  readonly #tasks: TaskRepository;

  constructor(tasks: TaskRepository) {
    this.#tasks = tasks;
  }

  execute(owner: UserId, query: ChangesQuery): Promise<Result<ChangePage, ResyncRequired>> {
    return this.#tasks.changes(owner, query);
  }
}
