import { CompleteTask } from './complete-task.ts';
import { CreateTask } from './create-task.ts';
import { DeleteTask } from './delete-task.ts';
import { EditTask } from './edit-task.ts';
import { GetTask } from './get-task.ts';
import { ListTasks } from './list-tasks.ts';
import type { Clock, IdGenerator, TaskRepository } from './ports.ts';

/** Everything the application can do, handed whole to every driving adapter. */
export type TaskUseCases = ReturnType<typeof taskUseCases>;

export const taskUseCases = (tasks: TaskRepository, clock: Clock, ids: IdGenerator) => ({
  list: new ListTasks(tasks),
  create: new CreateTask(tasks, clock, ids),
  get: new GetTask(tasks),
  edit: new EditTask(tasks, clock),
  complete: new CompleteTask(tasks, clock),
  delete: new DeleteTask(tasks, clock),
});
