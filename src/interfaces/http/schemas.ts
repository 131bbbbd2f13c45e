import { type Static, Type } from '@fastify/type-provider-typebox';
import type { TaskId, UserId } from '../../domain/ids.ts';
import { DESCRIPTION_MAX_LENGTH, TITLE_MAX_LENGTH, USER_ID_PATTERN, VISIBLE_PATTERN } from '../../domain/limits.ts';
import { ChangeJson, TaskJson } from './task-json.ts';

/** A format that `server.ts` teaches the validator: text that PostgreSQL can keep to the byte. */
export const STORABLE_TEXT = 'storable-text';

/** An annotation: what to tell a client whose value does not match, where the pattern alone would be no help. */
export const FAULT = 'x-fault';

const closed = { additionalProperties: false };

const user_id = Type.Unsafe<UserId>({
  type: 'string',
  pattern: USER_ID_PATTERN,
  description: 'The owner of the tasks',
  [FAULT]: 'must be 1 to 255 of A-Z a-z 0-9 . _ ~ @ : | + = - but neither . nor ..',
});

const id = Type.Unsafe<TaskId>({
  type: 'string',
  pattern: '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$',
  description: 'The id of a task, in upper or lower case',
  [FAULT]: 'must be a UUID',
});

const title = Type.String({
  maxLength: TITLE_MAX_LENGTH,
  pattern: VISIBLE_PATTERN,
  format: STORABLE_TEXT,
  description: 'At least one character of it is visible',
  [FAULT]: 'must not be blank',
});

const description = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  maxLength: DESCRIPTION_MAX_LENGTH,
  format: STORABLE_TEXT,
});

const completed = Type.Boolean();

export const SORTS = ['created_at', '-created_at', 'updated_at', '-updated_at'] as const;
export const DEFAULT_SORT = '-created_at';
export const DEFAULT_LIMIT = '100';

const limitUpTo1000 = (standard: string, text: string) =>
  Type.String({
    pattern: '^([1-9][0-9]{0,2}|1000)$',
    default: standard,
    description: text,
    [FAULT]: 'must be a whole number from 1 to 1000',
  });

const flag = (text: string) => Type.Optional(Type.Enum(['true', 'false'], { description: text }));

/** Numbers and booleans stay text here: a validator that converts them accepts more spellings than anyone means. */
const ListParameters = Type.Object(
  {
    completed: flag('Only tasks that are completed, or only those that are not'),
    q: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        format: STORABLE_TEXT,
        description: 'Text to be found anywhere in title or description, ignoring case',
      }),
    ),
    sort: Type.Optional(Type.Enum([...SORTS], { default: DEFAULT_SORT, description: 'The order of the list' })),
    limit: Type.Optional(limitUpTo1000(DEFAULT_LIMIT, 'Most tasks on the page, from 1 to 1000')),
    cursor: Type.Optional(
      Type.String({ description: 'The next_cursor of the page before, with the same filters and sort' }),
    ),
    deleted: flag('The trash instead: only tasks that are deleted'),
    count: flag('Adds how many tasks match, on all pages together'),
  },
  closed,
);
export type ListParameters = Static<typeof ListParameters>;

const Page = Type.Object({
  tasks: Type.Array(TaskJson),
  next_cursor: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
  revision: Type.Integer({ description: 'The revision of the owner' }),
  total: Type.Optional(Type.Integer()),
});

const revision = (text: string) =>
  Type.Optional(
    Type.String({
      pattern: '^(0|[1-9][0-9]*)$',
      description: text,
      [FAULT]: 'must be a revision: a whole number from 0 on',
    }),
  );

export const DEFAULT_CHANGES_LIMIT = '500';

const ChangesParameters = Type.Object(
  {
    since: revision('The revision of the page before. Left out: every task that is not deleted'),
    limit: Type.Optional(limitUpTo1000(DEFAULT_CHANGES_LIMIT, 'Most changes on the page, from 1 to 1000')),
    snapshot: revision('Part of the link to the next page of a walk that began without since'),
  },
  closed,
);
export type ChangesParameters = Static<typeof ChangesParameters>;

const Changes = Type.Object({
  changes: Type.Array(ChangeJson),
  revision: Type.Integer({ description: 'The next since' }),
  has_more: Type.Boolean(),
});

const CreateBody = Type.Object(
  { title, description: Type.Optional(description), completed: Type.Optional(completed), id: Type.Optional(id) },
  closed,
);
const ReplaceBody = Type.Object({ title, description, completed }, closed);
const PatchBody = Type.Partial(ReplaceBody, { ...closed, minProperties: 1 });
/** `null` stands for a request without a body; a body that says `null` is refused before. */
const CompleteBody = Type.Object({ completed }, { ...closed, nullable: true });

/** For a route that needs no body: an empty one is none, and there is nothing that it could name. */
const EmptyBody = Type.Object({}, { ...closed, nullable: true });
const NoParameters = Type.Object({}, closed);

const ownerParams = Type.Object({ user_id });
const taskParams = Type.Object({ user_id, id });
const oneTask = { 200: TaskJson };

/** What each route below `/api/{user_id}/tasks` accepts and answers. */
export const TASK_ROUTES = {
  list: { params: ownerParams, querystring: ListParameters, response: { 200: Page } },
  create: { params: ownerParams, querystring: NoParameters, body: CreateBody, response: { 201: TaskJson } },
  get: { params: taskParams, querystring: NoParameters, response: oneTask },
  replace: { params: taskParams, querystring: NoParameters, body: ReplaceBody, response: oneTask },
  patch: { params: taskParams, querystring: NoParameters, body: PatchBody, response: oneTask },
  delete: { params: taskParams, querystring: NoParameters, body: EmptyBody },
  complete: { params: taskParams, querystring: NoParameters, body: CompleteBody, response: oneTask },
  restore: { params: taskParams, querystring: NoParameters, body: EmptyBody, response: oneTask },
  changes: { params: ownerParams, querystring: ChangesParameters, response: { 200: Changes } },
};
