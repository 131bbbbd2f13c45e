import type { RevisionMismatch, TaskNotFound } from '../domain/failures.ts';
import type { Revision, TaskId, UserId } from '../domain/ids.ts';
import { fail, type Result } from '../domain/result.ts';
import type { Task } from '../domain/task.ts';
import { assertNotAborted, type CallOptions, type TaskRepository } from './ports.ts';

/** Revisions that the caller accepts; `undefined` for any. */
export type ExpectedRevisions = readonly Revision[] | undefined;

export interface Target {
  readonly owner: UserId;
  readonly id: TaskId;
  readonly expected: ExpectedRevisions;
  /** Whether a deleted task can be changed. Only restoring needs it. */
  readonly deleted?: boolean;
}

export type ChangeFailure = TaskNotFound | RevisionMismatch;

type Decide<F> = (task: Task) => Result<Task, F>;

/**
 * Changes tasks by read, decide, compare and set. Changes of one task run one after another, in order of arrival, and each
 * continues from the row that the one before it stored. So N concurrent writers of one task cost N statements.
 */
export class TaskChanges {
  readonly #tasks: TaskRepository;
  /** The last change in the queue of each task. Resolves to the row that it stored, if it stored one. */
  readonly #last = new Map<string, Promise<Task | undefined>>();

  constructor(tasks: TaskRepository) {
    this.#tasks = tasks;
  }

  async change<F>(target: Target, decide: Decide<F>, options?: CallOptions): Promise<Result<Task, ChangeFailure | F>> {
    const key = target.id + target.owner;
    const previous = this.#last.get(key);
    let finish!: (stored: Task | undefined) => void;
    const last = new Promise<Task | undefined>((resolve) => {
      finish = resolve;
    });
    this.#last.set(key, last);
    let stored = await previous;
    try {
      assertNotAborted(options);
      const known = stored;
      stored = undefined;
      const outcome = await this.#change(target, known, decide, options);
      if (outcome.ok) stored = outcome.value;
      return outcome;
    } finally {
      if (this.#last.get(key) === last) this.#last.delete(key);
      finish(stored);
    }
  }

  /** Repeats when another process changed the task meanwhile. Only the caller's signal ends that. */
  async #change<F>(
    target: Target,
    known: Task | undefined,
    decide: Decide<F>,
    options: CallOptions | undefined,
  ): Promise<Result<Task, ChangeFailure | F>> {
    const { owner, id } = target;
    if (known !== undefined) {
      const decision = decideOn(known, target, decide);
      // The row that was handed over may be out of date: only a compare and set can confirm it.
      if (decision.ok && decision.value !== known) {
        const stored = await this.#tasks.replace(decision.value, known.revision, options);
        if (stored.ok) return stored;
      }
    }
    for (;;) {
      const task = await this.#tasks.find(owner, id, options);
      if (task === undefined) return fail({ kind: 'task-not-found' });
      const decision = decideOn(task, target, decide);
      if (!decision.ok || decision.value === task) return decision;
      const stored = await this.#tasks.replace(decision.value, task.revision, options);
      if (stored.ok) return stored;
    }
  }
}

function decideOn<F>(
  task: Task,
  { expected, deleted = false }: Target,
  decide: Decide<F>,
): Result<Task, ChangeFailure | F> {
  if (task.deletedAt !== null && !deleted) return fail({ kind: 'task-not-found' });
  if (expected?.includes(task.revision) === false) return fail({ kind: 'revision-mismatch', current: task });
  return decide(task);
}
