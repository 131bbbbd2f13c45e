import type { RevisionMismatch, TaskNotFound, TooContended } from '../domain/failures.ts';
import type { Revision, TaskId, UserId } from '../domain/ids.ts';
import { fail, type Result } from '../domain/result.ts';
import type { Task } from '../domain/task.ts';
import type { TaskRepository } from './ports.ts';

/** Revisions that the writer knows and would change; `undefined` when any will do. */
export type ExpectedRevisions = readonly Revision[] | undefined;

export interface Target {
  readonly owner: UserId;
  readonly id: TaskId;
  readonly expected: ExpectedRevisions;
  /** Whether a deleted task is there to be changed. Only to restore it. */
  readonly deleted?: boolean;
}

export type ChangeFailure = TaskNotFound | RevisionMismatch | TooContended;

/** Each lost attempt means that another writer won, so this is reached only by a task that is written without pause. */
const MAX_ATTEMPTS = 100;

/**
 * Reads the task, lets `decide` say what it becomes, and stores that if nobody was faster. Whoever was too late reads
 * and decides again; a writer who named revisions is then told that the task has moved on.
 */
export async function changeTask<F>(
  tasks: TaskRepository,
  { owner, id, expected, deleted = false }: Target,
  decide: (task: Task) => Result<Task, F>,
): Promise<Result<Task, ChangeFailure | F>> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const task = await tasks.find(owner, id);
    if (task === undefined || (task.deletedAt !== null && !deleted)) return fail({ kind: 'task-not-found' });
    if (expected?.includes(task.revision) === false) return fail({ kind: 'revision-mismatch', current: task });

    const decision = decide(task);
    if (!decision.ok || decision.value === task) return decision;

    const stored = await tasks.replace(decision.value, task.revision);
    if (stored.ok) return stored;
  }
  return fail({ kind: 'too-contended' });
}
