import { type Static, Type } from '@fastify/type-provider-typebox';
import type { ListQuery, Page } from '../../application/ports.ts';
import type { UserId } from '../../domain/ids.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { FAULT, STORABLE_TEXT } from './schemas.ts';

const ORDERS = {
  created_at: { orderBy: 'createdAt', descending: false },
  '-created_at': { orderBy: 'createdAt', descending: true },
  updated_at: { orderBy: 'revision', descending: false },
  '-updated_at': { orderBy: 'revision', descending: true },
} as const;

const DEFAULT_LIMIT = 100;

const flag = (description: string) => Type.Optional(Type.Enum(['true', 'false'], { description }));

/** Numbers and booleans stay text here: a validator that converts them accepts more spellings than anyone means. */
export const ListParameters = Type.Object(
  {
    completed: flag('Only tasks that are completed, or that are not'),
    q: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        format: STORABLE_TEXT,
        description: 'Text to be found anywhere in title or description, ignoring case',
      }),
    ),
    sort: Type.Optional(
      Type.Enum(Object.keys(ORDERS) as (keyof typeof ORDERS)[], { default: '-created_at', description: 'The order of the list' }),
    ),
    limit: Type.Optional(
      Type.String({
        pattern: '^([1-9][0-9]{0,2}|1000)$',
        default: String(DEFAULT_LIMIT),
        description: 'Most tasks on the page',
        [FAULT]: 'must be a whole number from 1 to 1000',
      }),
    ),
    cursor: Type.Optional(Type.String({ description: 'The next_cursor of the page before, with the same filters and sort' })),
    count: flag('Adds how many tasks match, on all pages together'),
  },
  { additionalProperties: false },
);
export type ListParameters = Static<typeof ListParameters>;

/** @returns `undefined` when the cursor was not made for this list */
export function toListQuery(owner: UserId, parameters: ListParameters): ListQuery | undefined {
  const { completed, q, sort = '-created_at', limit, cursor, count } = parameters;
  const scope = { completed: completed === undefined ? undefined : completed === 'true', text: q, ...ORDERS[sort] };
  const after = cursor === undefined ? undefined : decodeCursor(cursor, owner, scope);
  if (cursor !== undefined && after === undefined) return undefined;
  return { ...scope, after, limit: Number(limit ?? DEFAULT_LIMIT), withTotal: count === 'true' };
}

export const nextCursorOf = ({ next }: Page, owner: UserId, query: ListQuery): string | null =>
  next === undefined ? null : encodeCursor(next, owner, query);
