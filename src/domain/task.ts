import type { Fault, InvalidTask } from './failures.ts';
import type { Revision, TaskId, UserId } from './ids.ts';
import { DESCRIPTION_MAX_LENGTH, isStorableText, TITLE_MAX_LENGTH, VISIBLE_PATTERN } from './limits.ts';
import { fail, ok, type Result } from './result.ts';

/** Times are in whole milliseconds. */
export interface Task {
  readonly id: TaskId;
  readonly owner: UserId;
  readonly title: string;
  readonly description: string | null;
  readonly completed: boolean;
  /** When it last became completed; `null` while it is open. */
  readonly completedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** A deleted task is kept as a tombstone, so that it can be restored and its deletion be told. */
  readonly deletedAt: Date | null;
  /** The owner's revision at which this task last changed. */
  readonly revision: Revision;
}

/** A task that is not stored yet, and so has no revision. */
export type NewTask = Omit<Task, 'revision'>;

/** What a client decides about a new task. */
export type TaskContent = Pick<Task, 'title' | 'description' | 'completed'>;

/** What is named changes, the rest stays. */
export type TaskEdit = Partial<TaskContent>;

/**
 * What becomes of a task. Every transition answers the very same object when nothing would change, so that a
 * write without effect writes nothing.
 */
export const Task = {
  create(id: TaskId, owner: UserId, content: TaskContent, now: Date): Result<NewTask, InvalidTask> {
    const { title, description, completed } = content;
    const faults = faultsOf(title, description);
    if (faults.length > 0) return fail({ kind: 'invalid-task', faults });
    return ok({
      id,
      owner,
      title,
      description,
      completed,
      completedAt: completed ? now : null,
      createdAt: now,
      updatedAt: now,
      deletedAt: null,
    });
  },

  edit(task: Task, edit: TaskEdit, now: Date): Result<Task, InvalidTask> {
    const { title = task.title, description = task.description, completed = task.completed } = edit;
    const faults = faultsOf(title, description);
    if (faults.length > 0) return fail({ kind: 'invalid-task', faults });

    const edited = Task.setCompleted(task, completed, now);
    const others: Omit<TaskContent, 'completed'> = { title, description };
    if (title === task.title && description === task.description) return ok(edited);
    return ok({ ...edited, ...others, updatedAt: now });
  },

  setCompleted(task: Task, completed: boolean, now: Date): Task {
    if (completed === task.completed) return task;
    return { ...task, completed, completedAt: completed ? now : null, updatedAt: now };
  },

  delete(task: Task, now: Date): Task {
    if (task.deletedAt !== null) return task;
    return { ...task, deletedAt: now, updatedAt: now };
  },

  restore(task: Task, now: Date): Task {
    if (task.deletedAt === null) return task;
    return { ...task, deletedAt: null, updatedAt: now };
  },
};

const visible = new RegExp(VISIBLE_PATTERN, 'u');

function faultsOf(title: string, description: string | null): Fault[] {
  const faults = textFaults('title', title, TITLE_MAX_LENGTH);
  if (!visible.test(title)) faults.push({ field: 'title', problem: 'must not be blank' });
  if (description === null) return faults;
  return faults.concat(textFaults('description', description, DESCRIPTION_MAX_LENGTH));
}

function textFaults(field: Fault['field'], text: string, maxLength: number): Fault[] {
  const faults: Fault[] = [];
  if (!hasAtMost(maxLength, text)) faults.push({ field, problem: `must have at most ${maxLength} characters` });
  if (!isStorableText(text)) faults.push({ field, problem: 'must not contain U+0000 or unpaired surrogates' });
  return faults;
}

/** Counts code points only where the number of code units leaves it open. */
const hasAtMost = (maxLength: number, text: string): boolean =>
  text.length <= maxLength || [...text].length <= maxLength;
