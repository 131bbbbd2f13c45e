import type { IdTaken, InvalidTask } from '../domain/failures.ts';
import type { UserId } from '../domain/ids.ts';
import { ok, type Result } from '../domain/result.ts';
import { Task, type TaskContent } from '../domain/task.ts';
import type { Clock, IdGenerator, TaskRepository } from './ports.ts';

export class CreateTask {
  readonly #tasks: TaskRepository;
  readonly #clock: Clock;
  readonly #ids: IdGenerator;

  constructor(tasks: TaskRepository, clock: Clock, ids: IdGenerator) {
    this.#tasks = tasks;
    this.#clock = clock;
    this.#ids = ids;
  }

  async execute(owner: UserId, content: TaskContent): Promise<Result<Task, InvalidTask | IdTaken>> {
    const birth = Task.create(this.#ids.next(), owner, content, this.#clock.now());
    if (!birth.ok) return birth;

    const added = await this.#tasks.add(birth.value);
    return added.ok ? ok(added.value.task) : added;
  }
}
