// forbidden: domain/task.ts
import { Task } from '../domain/task.ts';
export { Task };
