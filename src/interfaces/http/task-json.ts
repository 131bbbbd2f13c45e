import { type Static, Type } from 'typebox';
import type { Task } from '../../domain/task.ts';
import { timestampOf } from './timestamp.ts';

const Time = Type.String({ format: 'date-time', description: 'RFC 3339, UTC, milliseconds' });
const OptionalTime = Type.Unsafe<string | null>({ ...Time, type: ['string', 'null'] });

export const TaskJson = Type.Object({
  id: Type.String({ format: 'uuid', description: 'In lower case' }),
  user_id: Type.String({ description: 'The owner' }),
  title: Type.String(),
  description: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
  completed: Type.Boolean(),
  completed_at: { ...OptionalTime, description: 'When it last became completed; null while it is open' },
  created_at: Time,
  updated_at: { ...Time, description: 'When it last changed; deleting and restoring are changes' },
  revision: Type.Integer({ description: 'The revision of the owner at which this task last changed, and its ETag' }),
  deleted_at: Type.Optional(Type.Unsafe<string>({ ...Time, description: 'Only of a deleted task' })),
});
export type TaskJson = Static<typeof TaskJson>;

export const toTaskJson = (task: Task): TaskJson => ({
  id: task.id,
  user_id: task.owner,
  title: task.title,
  description: task.description,
  completed: task.completed,
  completed_at: task.completedAt && timestampOf(task.completedAt),
  created_at: timestampOf(task.createdAt),
  updated_at: timestampOf(task.updatedAt),
  revision: task.revision,
  ...(task.deletedAt !== null && { deleted_at: timestampOf(task.deletedAt) }),
});

/** A live task, or of a deleted one that it is gone. */
export const ChangeJson = Type.Partial(TaskJson, { required: ['id', 'revision'] });
export type ChangeJson = Static<typeof ChangeJson>;

export function toChangeJson(task: Task): ChangeJson {
  const { id, revision, deletedAt } = task;
  return deletedAt === null ? toTaskJson(task) : { id, revision, deleted_at: timestampOf(deletedAt) };
}
