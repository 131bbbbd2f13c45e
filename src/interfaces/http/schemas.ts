import { Type } from '@fastify/type-provider-typebox';
import type { TaskId, UserId } from '../../domain/ids.ts';
import { DESCRIPTION_MAX_LENGTH, TITLE_MAX_LENGTH, USER_ID_PATTERN, VISIBLE_PATTERN } from '../../domain/limits.ts';

/** Checked by the validator that `server.ts` sets up: text that PostgreSQL can keep to the byte. */
export const STORABLE_TEXT = 'storable-text';

/** What to tell a client whose value does not match; the pattern alone would be no help. */
export const FAULT = 'x-fault';

const UserIdText = Type.Unsafe<UserId>({
  type: 'string',
  pattern: USER_ID_PATTERN,
  description: 'The owner of the tasks',
  [FAULT]: 'must be 1 to 255 of A-Z a-z 0-9 . _ ~ @ : | + = - but neither . nor ..',
});

const TaskIdText = Type.Unsafe<TaskId>({
  type: 'string',
  pattern: '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$',
  description: 'The id of a task, in upper or lower case',
  [FAULT]: 'must be a UUID',
});

export const OwnerParams = Type.Object({ user_id: UserIdText });
export const TaskParams = Type.Object({ user_id: UserIdText, id: TaskIdText });

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

const closed = { additionalProperties: false };

export const CreateBody = Type.Object(
  { title, description: Type.Optional(description), completed: Type.Optional(completed) },
  closed,
);

export const ReplaceBody = Type.Object({ title, description, completed }, closed);

export const PatchBody = Type.Partial(ReplaceBody, { ...closed, minProperties: 1 });

/** `null` stands for a request without a body; a body that says `null` is refused before. */
export const CompleteBody = Type.Object({ completed }, { ...closed, nullable: true });
