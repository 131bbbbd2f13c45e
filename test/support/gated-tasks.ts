import { assertNotAborted, type CallOptions, type ListQuery } from '../../src/application/ports.ts';
import type { TaskId, UserId } from '../../src/domain/ids.ts';
import { InMemoryTaskRepository } from '../../src/infrastructure/memory/in-memory-task-repository.ts';

interface Read {
  readonly userId: UserId;
  readonly proceed: () => void;
}

/** Holds every read of a task or a list until the test lets it proceed. */
export class GatedTasks extends InMemoryTaskRepository {
  /** In the order in which they started. */
  readonly started: Read[] = [];
  /** Users whose held reads have been sent to the database. */
  readonly sentBy = new Set<string>();
  finished = 0;
  #isOpen = false;

  /** Lets all reads proceed, later ones included. */
  open(): void {
    this.#isOpen = true;
    for (const { proceed } of this.started) proceed();
  }

  override async find(userId: UserId, id: TaskId, options?: CallOptions) {
    await this.#hold(userId, options);
    return super.find(userId, id, options);
  }

  override async list(userId: UserId, query: ListQuery, options?: CallOptions) {
    await this.#hold(userId, options);
    return super.list(userId, query, options);
  }

  async #hold(userId: UserId, options?: CallOptions): Promise<void> {
    assertNotAborted(options);
    if (this.sentBy.has(userId)) options?.onSend?.();
    await new Promise<void>((resolve) => {
      this.started.push({ userId, proceed: resolve });
      if (this.#isOpen) resolve();
    });
    assertNotAborted(options);
    this.finished++;
  }
}
