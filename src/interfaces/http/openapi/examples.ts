import type { Revision, TaskId, UserId } from '../../../domain/ids.ts';
import { Task } from '../../../domain/task.ts';
import { toChangeJson, toTaskJson } from '../task-json.ts';

/** Made by the code that answers, so that they cannot differ from what is answered. */
const OWNER = 'alice' as UserId;
export const CURSOR = '5QQ__RuFNdwBoflk22UAAAAAAAcHmlYIHiKOTJTdbEW0K56b';
export const REQUEST_ID = '8dc4bc08-ace1-4baa-9e1e-dc8a384349e5';

const at = (second: number): Date => new Date(Date.UTC(2026, 10, 20, 14, 38, second, 663));
const stamped = (task: Task, revision: number): Task => ({ ...task, revision: revision as Revision });

const created: Task = {
  id: '01a1f964-da27-7000-9321-a34db3c73df6' as TaskId,
  owner: OWNER,
  title: 'Buy milk',
  description: null,
  completed: false,
  completedAt: null,
  createdAt: at(18),
  updatedAt: at(18),
  deletedAt: null,
  revision: 1 as Revision,
};
const described = stamped({ ...created, description: 'Two litres', updatedAt: at(20) }, 2);
const completed = stamped(Task.setCompleted(described, true, at(30)), 3);
const deleted = stamped(Task.delete(completed, at(40)), 4);

export const CURRENT = described;
export const CREATED_TASK = toTaskJson(created);
export const DESCRIBED_TASK = toTaskJson(described);
export const COMPLETED_TASK = toTaskJson(completed);
export const RESTORED_TASK = toTaskJson(stamped(Task.restore(deleted, at(50)), 5));
export const DELETED_TASK = toTaskJson(deleted);
export const TOMBSTONE = toChangeJson(deleted);
