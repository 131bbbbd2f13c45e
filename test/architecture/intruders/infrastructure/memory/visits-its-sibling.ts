// refused: infrastructure/postgres/task-row.ts
import { toTask } from '../postgres/task-row.ts';
export { toTask };
