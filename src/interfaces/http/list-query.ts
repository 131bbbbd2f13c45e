import type { ListQuery, Page } from '../../application/ports.ts';
import type { UserId } from '../../domain/ids.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { DEFAULT_LIMIT, DEFAULT_SORT, type ListParameters, type SORTS } from './schemas.ts';

type Order = Pick<ListQuery, 'orderBy' | 'descending'>;

const ORDERS: Record<(typeof SORTS)[number], Order> = {
  created_at: { orderBy: 'createdAt', descending: false },
  '-created_at': { orderBy: 'createdAt', descending: true },
  // The order of the last change. Times can be equal, revisions cannot.
  updated_at: { orderBy: 'revision', descending: false },
  '-updated_at': { orderBy: 'revision', descending: true },
};

/** @returns `undefined` when the cursor was not made for this list */
export function toListQuery(owner: UserId, parameters: ListParameters): ListQuery | undefined {
  const { deleted, completed, q: text, sort = DEFAULT_SORT, limit = DEFAULT_LIMIT, cursor, count } = parameters;
  const scope = {
    deleted: deleted === 'true',
    completed: completed === undefined ? undefined : completed === 'true',
    text,
    ...ORDERS[sort],
  };
  const after = cursor === undefined ? undefined : decodeCursor(cursor, owner, scope);
  if (cursor !== undefined && after === undefined) return undefined;
  return { ...scope, after, limit: Number(limit), withTotal: count === 'true' };
}

export const nextCursorOf = ({ next }: Page, owner: UserId, query: ListQuery): string | null =>
  next === undefined ? null : encodeCursor(next, owner, query);
