import { TaskChanges } from './change-task.ts';
import { CompleteTask } from './complete-task.ts';
import { CreateTask } from './create-task.ts';
import { DeleteTask } from './delete-task.ts';
import { EditTask } from './edit-task.ts';
import { GetRevision } from './get-revision.ts';
import { GetTask } from './get-task.ts';
import { ListChanges } from './list-changes.ts';
import { ListTasks } from './list-tasks.ts';
import type { Clock, IdGenerator, TaskRepository } from './ports.ts';
import { RestoreTask } from './restore-task.ts';

/** Everything the application can do for the owner of tasks, handed whole to every driving adapter. */
export type TaskUseCases = ReturnType<typeof taskUseCases>;

export const taskUseCases = (tasks: TaskRepository, clock: Clock, ids: IdGenerator) => {
  const changes = new TaskChanges(tasks);
  return {
    list: new ListTasks(tasks),
    create: new CreateTask(tasks, clock, ids),
    get: new GetTask(tasks),
    edit: new EditTask(changes, clock),
    complete: new CompleteTask(changes, clock),
    delete: new DeleteTask(changes, clock),
    restore: new RestoreTask(changes, clock),
    changes: new ListChanges(tasks),
    revision: new GetRevision(tasks),
  };
};
