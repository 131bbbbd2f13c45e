import type { IdTaken, ResyncRequired } from '../domain/failures.ts';
import type { Revision, TaskId, UserId } from '../domain/ids.ts';
import type { Result } from '../domain/result.ts';
import type { NewTask, Task } from '../domain/task.ts';

/** What a caller says about one call. */
export interface CallOptions {
  /** Checked before each statement: once it is aborted, nothing more is sent. An `AbortSignal` fits. */
  readonly signal?: Pick<AbortSignal, 'aborted'> | undefined;
  /** Called before each statement is sent. */
  readonly onSend?: (() => void) | undefined;
}

/** The caller's signal was aborted before this call took effect: nothing was sent, or nothing more. */
export class CallAborted extends Error {
  override readonly name = 'CallAborted';
}

/** @throws {CallAborted} */
export function assertNotAborted(options: CallOptions | undefined): void {
  if (options?.signal?.aborted) throw new CallAborted('The request has ended');
}

/**
 * Where tasks live. To anyone but its owner a task does not exist: every method takes the owner, and no answer of one
 * owner depends on what another has.
 *
 * Each owner has one revision counter. Every change of one of the owner's tasks raises it and stamps the task with
 * the new value; it never goes down, and no value is given out twice. Gaps may occur.
 *
 * The promises made here are executable: test/contract/task-repository.contract.ts.
 * @throws {StorageUnavailable} from every method
 * @throws {CallAborted} from every method, when the caller's signal is aborted
 */
export interface TaskRepository {
  /** The task as it now stands, also when it is deleted. */
  find(owner: UserId, id: TaskId, options?: CallOptions): Promise<Task | undefined>;

  /**
   * Stores a new task under the owner's next revision. Harmless when repeated: the same birth (id, title, description
   * and completed) again stores nothing and answers the task as it now stands; another birth under its id is refused.
   */
  add(birth: NewTask, options?: CallOptions): Promise<Result<Added, IdTaken>>;

  /**
   * Stores the whole task under the owner's next revision, if the stored one is still at `expected`: one atomic step,
   * so of many writers that expect the same revision exactly one succeeds.
   */
  replace(task: Task, expected: Revision, options?: CallOptions): Promise<Result<Task, Stale>>;

  /** One page of the owner's tasks, or of the deleted ones. Tasks and `revision` are of one moment. */
  list(owner: UserId, query: ListQuery, options?: CallOptions): Promise<Page>;

  /** The owner's revision, 0 before the first change: tells whether anything changed, for the price of one row. */
  revision(owner: UserId, options?: CallOptions): Promise<Revision>;

  /**
   * One page of what changed, in the order of revisions: each task once, in its newest state, deleted ones included. What
   * is not on a page has a higher revision than all that is, however many writers are at work.
   */
  changes(owner: UserId, query: ChangesQuery, options?: CallOptions): Promise<Result<ChangePage, ResyncRequired>>;
}

/** What only operators do: take away for good, and make up for what a restored backup has forgotten. */
export interface TaskErasure {
  /** How many tombstones an owner has from before a moment: a page of owners, in the order of their names. */
  tombstones(deletedBefore: Date, after: UserId | undefined, limit: number): Promise<readonly TombstoneCount[]>;

  /**
   * Erases at most `limit` tombstones from before a moment, under the owner's next revision, and remembers up to which one
   * deletions can no longer be told. @returns how many
   */
  purge(owner: UserId, deletedBefore: Date, limit: number): Promise<number>;

  /** Erases at most `limit` tasks, deleted or not, and the owner with the last of them, unless somebody writes meanwhile. */
  erase(owner: UserId, limit: number): Promise<Erased>;

  /** How many tasks an owner has, deleted or not. */
  count(owner: UserId): Promise<number>;

  /**
   * Raises the counters of at most `limit` owners by `gap`, in the order of their names, and sends all their followers back
   * to the beginning. @returns the owners
   */
  leap(gap: number, after: UserId | undefined, limit: number): Promise<readonly UserId[]>;
}

/** How the tasks lie on the machines of a cluster: all of one owner on one of them. */
export interface TaskDistribution {
  state(): Promise<DistributionState>;

  /** Spreads the tasks over the machines by owner, in one step. For `undistributed` alone. */
  distribute(): Promise<void>;
}

export type DistributionState =
  /** One machine, which cannot be told to spread anything. */
  | { readonly kind: 'no-cluster' }
  | { readonly kind: 'undistributed' | 'distributed'; readonly machines: number }
  /** By something else than the owner, or in part. */
  | { readonly kind: 'distributed-otherwise' };

export interface Erased {
  readonly tasks: number;
  /** Whether nothing of the owner is left. */
  readonly isComplete: boolean;
}

export interface TombstoneCount {
  readonly owner: UserId;
  readonly tombstones: number;
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
  /** The trash instead of the list. */
  readonly deleted: boolean;
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
  /** Ends at the limit of the query or at `PAGE_MAX_BYTES` of text, whichever comes first. Holds at least one if any match. */
  readonly tasks: readonly Task[];
  /** The position after which the next page starts; `undefined` on the last page. */
  readonly next: Position | undefined;
  /** The owner's revision, 0 before the first change. */
  readonly revision: Revision;
  /** How many tasks match on all pages together, where it was asked for. */
  readonly total: number | undefined;
}

export interface ChangesQuery {
  /** The revision that the follower has reached; `undefined` to begin, with the tasks that are not deleted. */
  readonly since: Revision | undefined;
  /** Where a walk through all tasks goes on: the `purged` of its first page. */
  readonly snapshot?: Revision | undefined;
  /** Whether deletions are left out also after the beginning. */
  readonly onlyLive?: boolean;
  /** Most changes on the page, at least 1. */
  readonly limit: number;
}

export interface ChangePage {
  /** Ends at the limit of the query or at `PAGE_MAX_BYTES` of text, whichever comes first. */
  readonly changes: readonly Task[];
  /** What the follower has reached with this page. */
  readonly revision: Revision;
  readonly hasMore: boolean;
  /** Deletions up to this revision may have been erased, and are then not told. */
  readonly purged: Revision;
}

export interface Unavailability extends ErrorOptions {
  /** After how many seconds it is worth trying again. */
  readonly retryAfter: number;
  /** Whether a write may have taken effect all the same. */
  readonly mayHaveTakenEffect: boolean;
}

/** The storage could not be asked, or did not answer. */
export class StorageUnavailable extends Error {
  override readonly name = 'StorageUnavailable';
  readonly retryAfter: number;
  readonly mayHaveTakenEffect: boolean;

  constructor(message: string, { retryAfter, mayHaveTakenEffect, ...options }: Unavailability) {
    super(message, options);
    this.retryAfter = retryAfter;
    this.mayHaveTakenEffect = mayHaveTakenEffect;
  }
}

/** The storage cannot keep a value that nothing before it refused. Nothing was changed. */
export class UnstorableValue extends Error {
  override readonly name = 'UnstorableValue';
}

/** Whether requests can be served at this moment. */
export interface Readiness {
  /** What stands in the way, `undefined` when nothing does. Never throws. */
  obstacle(): Promise<Obstacle | undefined>;
}

export type Obstacle = 'database-unreachable' | 'database-full' | 'migrations-pending' | 'database-unsuitable';

export interface Clock {
  /** The present, in whole milliseconds. */
  now(): Date;
}

export interface IdGenerator {
  /** An id that was never given out before and sorts after those that were. */
  next(): TaskId;

  /** The id of the task that an owner creates under a key: always the same one, and nobody else's. */
  derive(owner: UserId, key: string): TaskId;
}
