// refused: infrastructure/postgres/sql/columns.ts
import { toTask } from '../postgres/task-row.ts';
export { toTask };
