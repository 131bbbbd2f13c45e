import type { Revision, UserId } from '../domain/ids.ts';
import type { CallOptions, TaskRepository } from './ports.ts';

/** Tells whether anything of an owner has changed, without reading what. */
export class GetRevision {
  readonly #tasks: TaskRepository;

  constructor(tasks: TaskRepository) {
    this.#tasks = tasks;
  }

  execute(owner: UserId, options?: CallOptions): Promise<Revision> {
    return this.#tasks.revision(owner, options);
  }
}
