import type { Task } from '../../domain/task.ts';

/** A strong validator (RFC 9110, section 8.8.3): every change of a task gives it a revision of its own. */
export const etagOf = ({ revision }: Pick<Task, 'revision'>): string => `"${revision}"`;
