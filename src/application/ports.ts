import type { IdTaken } from '../domain/failures.ts';
import type { Revision, TaskId, UserId } from '../domain/ids.ts';
import type { Result } from '../domain/result.ts';
import type { NewTask, Task } from '../domain/task.ts';

/**
 * Where tasks live. To anyone but its owner a task does not exist: every method takes the owner, and no answer of one
 * owner depends on what another has.
 *
 * Each owner has one revision counter. Every change of one of the owner's tasks raises it and stamps the task with
 * the new value; it never goes down, and no value is given out twice. Gaps may occur.
 *
 * The promises made here are executable: test/contract/task-repository.contract.ts.
 * @throws {StorageUnavailable} from every method
 */
export interface TaskRepository {
  /** The task as it now stands, also when it is deleted. */
  find(owner: UserId, id: TaskId): Promise<Task | undefined>;

  /**
   * Stores a new task under the owner's next revision. Harmless when repeated: the same birth (id, title, description
   * and completed) again stores nothing and answers the task as it now stands; another birth under its id is refused.
   */
  add(birth: NewTask): Promise<Result<Added, IdTaken>>;

  /**
   * Stores the whole task under the owner's next revision, if the stored one is still at `expected`: one atomic step,
   * so of many writers that expect the same revision exactly one succeeds.
   */
  replace(task: Task, expected: Revision): Promise<Result<Task, Stale>>;

  /** One page of the owner's tasks that are not deleted. Tasks and `revision` are of one moment. */
  list(owner: UserId, query: ListQuery): Promise<Page>;
}

export interface Added {
  readonly task: Task;
  /** True when the task was there before, so that nothing was stored. */
  readonly repeated: boolean;
}

/** The stored task is not, or no longer, at the expected revision. */
export interface Stale {
  readonly kind: 'stale';
}

export interface ListQuery {
  readonly completed?: boolean | undefined;
  /** Found anywhere in title or description, whatever the case of its letters. No character is a wildcard. */
  readonly text?: string | undefined;
  /** Equal times are told apart by id; revisions are never equal. */
  readonly orderBy: 'createdAt' | 'revision';
  readonly descending: boolean;
  /** Most tasks on the page, at least 1. */
  readonly limit: number;
  /** Where the page before ended. */
  readonly after?: Position | undefined;
  readonly withTotal: boolean;
}

/** A place in every order of a list. Any task is one. */
export type Position = Pick<Task, 'id' | 'createdAt' | 'revision'>;

export interface Page {
  readonly tasks: readonly Task[];
  /** Where the next page begins; `undefined` on the last one. */
  readonly next: Position | undefined;
  /** The owner's revision, 0 before the first change. */
  readonly revision: Revision;
  /** How many tasks match on all pages together, where it was asked for. */
  readonly total: number | undefined;
}

/** The storage could not be asked, or did not answer. Whether a write took effect is unknown. */
export class StorageUnavailable extends Error {
  override readonly name = 'StorageUnavailable';
}

/** Whether requests can be served at this moment. */
export interface Readiness {
  /** What stands in the way, `undefined` when nothing does. Never throws. */
  obstacle(): Promise<Obstacle | undefined>;
}

export type Obstacle = 'database-unreachable' | 'migrations-pending' | 'database-unsuitable';

export interface Clock {
  /** The present, in whole milliseconds. */
  now(): Date;
}

export interface IdGenerator {
  /** An id that was never given out before and sorts after those that were. */
  next(): TaskId;
}
