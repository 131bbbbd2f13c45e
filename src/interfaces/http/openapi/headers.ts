import { REQUEST_ID } from './examples.ts';

const text = (description: string, example: string, schema: object = {}) => ({
  description,
  schema: { type: 'string', ...schema },
  example,
});

/** Of answers. */
export const HEADERS = {
  'X-Request-Id': {
    ...text('Also in the log and in problem documents; drawn by the service', REQUEST_ID, { format: 'uuid' }),
    required: true,
  },
  'X-Content-Type-Options': text('The type of an answer is not to be guessed', 'nosniff', { const: 'nosniff' }),
  'Cache-Control': text('An answer may be kept, but must be asked about each time', 'private, no-cache'),
  ETag: text('The revision in double quotes, for `If-Match` and `If-None-Match`', '"2"', { pattern: '^"[0-9]+"$' }),
  Location: text('The path of the task, without a host', '/api/alice/tasks/01a1f964-da27-7000-9321-a34db3c73df6'),
  Link: text(
    'Leads to the next page, if there is one (RFC 8288): a path without a host',
    '</api/alice/tasks?cursor=5QQ__RuFNdwBoflk22UAAAAAAAcHmlYIHiKOTJTdbEW0K56b>; rel="next"',
  ),
  'Idempotency-Replayed': text('`true` if the task was there already and nothing was created', 'true', {
    const: 'true',
  }),
  'Retry-After': {
    description: 'Seconds until it is worth trying again',
    schema: { type: 'integer', minimum: 1 },
    example: 1,
  },
} as const;
export type HeaderName = keyof typeof HEADERS;

/** With whatever a route answers. */
export const COMMON_HEADERS = ['X-Request-Id', 'X-Content-Type-Options', 'Cache-Control'] as const;

const requestHeader = (name: string, description: string, example: string, schema: object = {}) => ({
  name,
  in: 'header',
  required: false,
  ...text(description, example, schema),
});

/** Of requests. Handlers read them, no schema does: each has a grammar of its own. */
export const REQUEST_HEADERS = {
  IfMatch: requestHeader(
    'If-Match',
    'Change the task only if it has one of these revisions: a list of entity tags, or `*` for any that exists. ' +
      'Without it the last writer wins, unless the service is set up to refuse that (428)',
    '"2"',
  ),
  IfNoneMatch: requestHeader(
    'If-None-Match',
    'Answer 304 if the present entity tag is one of these: a list of entity tags, or `*`',
    '"2"',
  ),
  IdempotencyKey: requestHeader(
    'Idempotency-Key',
    'A name for the new task, so that the create can be repeated: 1 to 255 visible ASCII characters, bare or in ' +
      'double quotes. Not together with `id` in the body',
    'bread-1',
    { minLength: 1 },
  ),
} as const;
export type RequestHeaderName = keyof typeof REQUEST_HEADERS;
