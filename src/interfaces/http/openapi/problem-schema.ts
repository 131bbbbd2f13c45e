import { problemJson } from '../problem.ts';
import { REQUEST_ID } from './examples.ts';
import type { JsonSchema } from './json-schema.ts';
import { PROBLEM_CODES, PROBLEM_EXAMPLES, PROBLEM_MEANINGS } from './problems.ts';

const text = (description: string): JsonSchema => ({ type: 'string', description });

const meanings = PROBLEM_CODES.map((code) => `- \`${code}\`: ${PROBLEM_MEANINGS[code]}`).join('\n');

/** Of the documents that `problemJson` makes. */
export const PROBLEM_SCHEMA: JsonSchema = {
  type: 'object',
  description: 'A problem document (RFC 9457). Programs look at `code`; `title` and `detail` are for people.',
  required: ['type', 'title', 'status', 'code', 'detail', 'request_id'],
  properties: {
    type: { type: 'string', format: 'uri', description: '`urn:task-service:problem:` and the code' },
    title: text('What kind of problem it is'),
    status: { type: 'integer', description: 'The status of the answer', minimum: 400, maximum: 599 },
    code: { type: 'string', enum: PROBLEM_CODES, description: meanings },
    detail: text('What is wrong this time'),
    request_id: { type: 'string', format: 'uuid', description: 'The `X-Request-Id` of the answer' },
    errors: {
      type: 'array',
      items: { $ref: '#/components/schemas/Fault' },
      description: 'Only of `invalid-request`: every fault that was found, up to 100',
    },
    current: {
      $ref: '#/components/schemas/Task',
      description: 'Only of `revision-mismatch`: the task as it now stands',
    },
  },
  examples: PROBLEM_CODES.map((code) => JSON.parse(problemJson(PROBLEM_EXAMPLES[code], REQUEST_ID))),
};

export const FAULT_SCHEMA: JsonSchema = {
  type: 'object',
  description: 'One fault of a request, where exactly one of `pointer`, `parameter` and `header` says it is.',
  required: ['detail'],
  properties: {
    detail: text('What is wrong, worded to follow the name'),
    pointer: text('Into the body (RFC 6901); empty for the whole of it'),
    parameter: text('Of the path or the query; `path` is the path as a whole'),
    header: text('A header of the request'),
  },
  oneOf: ['pointer', 'parameter', 'header'].map((place) => ({ required: [place] })),
  examples: [{ pointer: '/title', detail: 'must not be blank' }],
};
