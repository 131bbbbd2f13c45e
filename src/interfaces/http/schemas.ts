import { type Static, Type } from 'typebox';
import type { TaskId, UserId } from '../../domain/ids.ts';
import { DESCRIPTION_MAX_LENGTH, TITLE_MAX_LENGTH, USER_ID_PATTERN, VISIBLE_PATTERN } from '../../domain/limits.ts';
import { ChangeJson, TaskJson } from './task-json.ts';

/** A format that `server.ts` teaches the validator: text that PostgreSQL can keep to the byte. */
export const STORABLE_TEXT = 'storable-text';

/** An annotation: what to tell a client whose value does not match, where the pattern alone would be no help. */
export const FAULT = 'x-fault';

/** An annotation: the JSON that a text in a query stands for. The document of the API tells this, the validator sees text. */
export const STANDS_FOR = 'x-stands-for';

const closed = { additionalProperties: false };

const user_id = Type.Unsafe<UserId>({
  type: 'string',
  pattern: USER_ID_PATTERN,
  description: 'The owner of the tasks: 1 to 255 of `A-Z a-z 0-9 . _ ~ @ : | + = -`, but neither `.` nor `..`',
  examples: ['alice'],
  [FAULT]: 'must be 1 to 255 of A-Z a-z 0-9 . _ ~ @ : | + = - but neither . nor ..',
});

const id = Type.Unsafe<TaskId>({
  type: 'string',
  pattern: '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$',
  description: 'The id of a task: a UUID, in upper or lower case',
  examples: ['01a1f964-da27-7000-9321-a34db3c73df6'],
  [FAULT]: 'must be a UUID',
});

const title = Type.String({
  maxLength: TITLE_MAX_LENGTH,
  pattern: VISIBLE_PATTERN,
  format: STORABLE_TEXT,
  description: 'At least one character of it is visible. Kept to the byte; U+0000 and unpaired surrogates are refused',
  examples: ['Buy milk'],
  [FAULT]: 'must not be blank',
});

const description = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  maxLength: DESCRIPTION_MAX_LENGTH,
  format: STORABLE_TEXT,
  description: 'Kept to the byte, where "" is not null; U+0000 and unpaired surrogates are refused',
  examples: ['Two litres', null],
});

const completed = Type.Boolean({ description: 'Whether the task is done', examples: [true] });

export const SORTS = ['created_at', '-created_at', 'updated_at', '-updated_at'] as const;
export const DEFAULT_SORT = '-created_at';
export const DEFAULT_LIMIT = '100';

const limitUpTo1000 = (standard: string, text: string) =>
  Type.String({
    pattern: '^([1-9][0-9]{0,2}|1000)$',
    default: standard,
    description: text,
    examples: [20],
    [FAULT]: 'must be a whole number from 1 to 1000',
    [STANDS_FOR]: { type: 'integer', minimum: 1, maximum: 1000, default: Number(standard) },
  });

const flag = (text: string, standard?: boolean) =>
  Type.Optional(
    Type.Enum(['true', 'false'], {
      description: text,
      examples: [true],
      [STANDS_FOR]: { type: 'boolean', ...(standard !== undefined && { default: standard }) },
    }),
  );

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
        examples: ['milk'],
      }),
    ),
    sort: Type.Optional(
      Type.Enum([...SORTS], {
        default: DEFAULT_SORT,
        description: 'The order of the list; a leading `-` means newest first. `updated_at` is the order of `revision`',
        examples: ['-updated_at'],
      }),
    ),
    limit: Type.Optional(limitUpTo1000(DEFAULT_LIMIT, 'Most tasks on the page, from 1 to 1000')),
    cursor: Type.Optional(
      Type.String({
        description: 'The `next_cursor` of the page before, with the same filters and sort',
        examples: ['5QQ__RuFNdwBoflk22UAAAAAAAcHmlYIHiKOTJTdbEW0K56b'],
      }),
    ),
    deleted: flag('The trash instead: only tasks that are deleted', false),
    count: flag('Adds `total`: how many tasks match, on all pages together', false),
  },
  closed,
);
export type ListParameters = Static<typeof ListParameters>;

export const TaskPage = Type.Object({
  tasks: Type.Array(TaskJson),
  next_cursor: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    description: 'Leads to the next page; null on the last one',
  }),
  revision: Type.Integer({ description: 'The revision of the owner, which is the ETag of the list' }),
  total: Type.Optional(Type.Integer({ description: 'Only with `count=true`' })),
});

const revision = (text: string) =>
  Type.Optional(
    Type.String({
      pattern: '^(0|[1-9][0-9]*)$',
      description: text,
      examples: [9],
      [FAULT]: 'must be a revision: a whole number from 0 on',
      [STANDS_FOR]: { type: 'integer', minimum: 0 },
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

export const ChangesPage = Type.Object({
  changes: Type.Array(ChangeJson, { description: 'In the order of their revisions; each task once, as it now stands' }),
  revision: Type.Integer({ description: 'How far the follower is after this page: the next `since`' }),
  has_more: Type.Boolean({ description: 'Whether there is another page already; `Link` leads to it' }),
});

export const CreateBody = Type.Object(
  { title, description: Type.Optional(description), completed: Type.Optional(completed), id: Type.Optional(id) },
  closed,
);
export const ReplaceBody = Type.Object({ title, description, completed }, closed);
export const PatchBody = Type.Partial(ReplaceBody, { ...closed, minProperties: 1 });
/** `null` stands for a request without a body; a body that says `null` is refused before. */
export const CompleteBody = Type.Object({ completed }, { ...closed, nullable: true });

/** For a route that needs no body: an empty one is none, and there is nothing that it could name. */
const EmptyBody = Type.Object({}, { ...closed, nullable: true });
const NoParameters = Type.Object({}, closed);

const ownerParams = Type.Object({ user_id });
const taskParams = Type.Object({ user_id, id });
const oneTask = { 200: TaskJson };

/** What each route below `/api/{user_id}/tasks` accepts and answers. */
export const TASK_ROUTES = {
  list: { params: ownerParams, querystring: ListParameters, response: { 200: TaskPage } },
  create: { params: ownerParams, querystring: NoParameters, body: CreateBody, response: { 201: TaskJson } },
  get: { params: taskParams, querystring: NoParameters, response: oneTask },
  replace: { params: taskParams, querystring: NoParameters, body: ReplaceBody, response: oneTask },
  patch: { params: taskParams, querystring: NoParameters, body: PatchBody, response: oneTask },
  delete: { params: taskParams, querystring: NoParameters, body: EmptyBody },
  complete: { params: taskParams, querystring: NoParameters, body: CompleteBody, response: oneTask },
  restore: { params: taskParams, querystring: NoParameters, body: EmptyBody, response: oneTask },
  changes: { params: ownerParams, querystring: ChangesParameters, response: { 200: ChangesPage } },
};

const statusOf = <S extends string>(status: S) => ({
  response: { 200: Type.Object({ status: Type.Literal(status) }) },
});

export const HEALTH_ROUTES = { livez: statusOf('alive'), readyz: statusOf('ready') };
