import type { Revision, TaskId, UserId } from '../../src/domain/ids.ts';
import type { NewTask, Task } from '../../src/domain/task.ts';
import { UuidGenerator } from '../../src/infrastructure/system.ts';

export const ids = new UuidGenerator();

export const freshId = (): TaskId => ids.next();

/** A moment of the tests, in milliseconds after a fixed one. */
export const at = (milliseconds: number): Date => new Date(Date.UTC(2026, 0, 1) + milliseconds);

export const aTask = (changes: Partial<Task> = {}): Task => ({
  ...aBirth(changes),
  revision: 1 as Revision,
  ...changes,
});

export const aBirth = (changes: Partial<NewTask> = {}): NewTask => ({
  id: freshId(),
  owner: 'alice' as UserId,
  title: 'Buy milk',
  description: null,
  completed: false,
  completedAt: null,
  createdAt: at(0),
  updatedAt: at(0),
  deletedAt: null,
  ...changes,
});
