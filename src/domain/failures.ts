import type { Task } from './task.ts';

/** One broken rule, worded to follow the name of the field. */
export interface Fault {
  readonly field: 'title' | 'description';
  readonly problem: string;
}

export interface InvalidTask {
  readonly kind: 'invalid-task';
  readonly faults: readonly Fault[];
}

/** The owner has no such task, or has deleted it. To anyone else a task does not exist. */
export interface TaskNotFound {
  readonly kind: 'task-not-found';
}

/** The task has moved on from every revision that the writer would accept. */
export interface RevisionMismatch {
  readonly kind: 'revision-mismatch';
  readonly current: Task;
}

/** The id already belongs to a task that was born differently. */
export interface IdTaken {
  readonly kind: 'id-taken';
}

/** The key was used before, to create a task that was born differently. */
export interface IdempotencyMismatch {
  readonly kind: 'idempotency-mismatch';
}

/** The task that is to be created has been, and was deleted since. It is not brought back. */
export interface TaskDeleted {
  readonly kind: 'task-deleted';
}

/** The history since the revision that the follower knows is not all there: it has to begin again. */
export interface ResyncRequired {
  readonly kind: 'resync-required';
}

/** Everything that a use case may answer instead of a task. */
export type TaskFailure =
  | InvalidTask
  | TaskNotFound
  | RevisionMismatch
  | IdTaken
  | IdempotencyMismatch
  | TaskDeleted
  | ResyncRequired;
