import { ID, SINCE, USER } from '../contract/rules.ts';

const user_id = { type: 'string', pattern: USER.source };
const id = { type: 'string', pattern: ID.source };
const text = { type: 'string' };
const optionalText = { type: ['string', 'null'] };
const integer = { type: 'integer' };

const closed = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});

const title = { type: 'string', maxLength: 255, pattern: '[^\\p{White_Space}\\p{Default_Ignorable_Code_Point}]' };
const description = { type: ['string', 'null'], maxLength: 4_000 };
const completed = { type: 'boolean' };
const content = { title, description, completed };

const task = {
  type: 'object',
  properties: {
    id: text,
    user_id: text,
    title: text,
    description: optionalText,
    completed,
    completed_at: optionalText,
    created_at: text,
    updated_at: text,
    revision: integer,
  },
};
const page = {
  type: 'object',
  properties: { tasks: { type: 'array', items: task }, next_cursor: optionalText, revision: integer },
};
const changes = {
  type: 'object',
  properties: { changes: { type: 'array', items: task }, revision: integer, has_more: { type: 'boolean' } },
};

const ofUser = closed({ user_id });
const ofTask = closed({ user_id, id });
const none = closed({});

/** Request and response schemas. Ajv validates requests, compiled serializers write responses. */
export const ROUTES = {
  list: {
    params: ofUser,
    querystring: closed({ limit: text, cursor: text, q: text }),
    response: { 200: page },
  },
  changes: {
    params: ofUser,
    querystring: closed({ since: { type: 'string', pattern: SINCE.source } }),
    response: { 200: changes },
  },
  one: { params: ofTask, querystring: none, response: { 200: task } },
  create: { params: ofUser, querystring: none, body: closed(content, ['title']), response: { 201: task } },
  replace: {
    params: ofTask,
    querystring: none,
    body: closed(content, ['title', 'description', 'completed']),
    response: { 200: task },
  },
  complete: { params: ofTask, querystring: none, response: { 200: task } },
};
