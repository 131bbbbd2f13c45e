// forbidden: infrastructure/postgres/sql/columns.ts
import { toTask } from '../postgres/sql/columns.ts';
export { toTask };
