import { type ProblemCode, problemJson, statusOf } from '../problem.ts';
import { ChangesPage, CompleteBody, CreateBody, PatchBody, ReplaceBody, TASK_ROUTES, TaskPage } from '../schemas.ts';
import { ChangeJson, TaskJson } from '../task-json.ts';
import { REQUEST_ID, TOMBSTONE } from './examples.ts';
import { COMMON_HEADERS, HEADERS, type HeaderName, REQUEST_HEADERS } from './headers.ts';
import { type JsonSchema, toJsonSchema, withoutName } from './json-schema.ts';
import { FAULT_SCHEMA, PROBLEM_SCHEMA } from './problem-schema.ts';
import { PROBLEM_CODES, PROBLEM_EXAMPLES, PROBLEM_MEANINGS } from './problems.ts';

const NAMES = new Map<object, string>([
  [TaskJson, 'Task'],
  [TaskPage, 'TaskPage'],
  [ChangeJson, 'Change'],
  [ChangesPage, 'ChangesPage'],
  [CreateBody, 'NewTask'],
  [ReplaceBody, 'TaskContent'],
  [PatchBody, 'TaskPatch'],
  [CompleteBody, 'Completion'],
]);

export const schemaOf = (schema: object): JsonSchema => toJsonSchema(schema, NAMES);

export const components = () => ({
  schemas: {
    ...Object.fromEntries([...NAMES].map(([schema, name]) => [name, withoutName(schema, NAMES)])),
    // What a change may be; the serialiser has a schema that is looser, and faster.
    Change: {
      description: 'A task that is not deleted, or of a deleted one that it is gone',
      anyOf: [{ $ref: '#/components/schemas/Task' }, { $ref: '#/components/schemas/Tombstone' }],
    },
    Tombstone: tombstone,
    Problem: PROBLEM_SCHEMA,
    Fault: FAULT_SCHEMA,
  },
  parameters: {
    ...Object.fromEntries(Object.entries(TASK_ROUTES.get.params.properties).map(pathParameter)),
    ...REQUEST_HEADERS,
  },
  headers: HEADERS,
  responses: Object.fromEntries(PROBLEM_CODES.filter(isOfARoute).map((code) => [code, problemResponse(code)])),
});

export const headersOf = (names: readonly HeaderName[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

function pathParameter([name, schema]: [string, object]): [string, JsonSchema] {
  const { description, examples, ...others } = schemaOf(schema) as JsonSchema & { examples: unknown[] };
  return [name, { name, in: 'path', required: true, description, schema: others, example: examples[0] }];
}

const { id, revision, deleted_at } = TaskJson.properties;
const tombstone: JsonSchema = {
  type: 'object',
  description: 'What is told of a deleted task',
  required: ['id', 'revision', 'deleted_at'],
  properties: { id: schemaOf(id), revision: schemaOf(revision), deleted_at: schemaOf(deleted_at) },
  examples: [TOMBSTONE],
};

/** The others are answered where there is no route, or to another method. */
const isOfARoute = (code: ProblemCode): boolean => !['route-not-found', 'method-not-allowed'].includes(code);

const PROBLEM_HEADERS: Partial<Record<ProblemCode, readonly HeaderName[]>> = {
  'revision-mismatch': ['ETag'],
  'too-many-requests': ['Retry-After'],
  unavailable: ['Retry-After'],
};

function problemResponse(code: ProblemCode): object {
  const example = PROBLEM_EXAMPLES[code];
  const status = statusOf(example);
  const narrowed = {
    properties: { code: { const: code }, status: { const: status } },
    ...(example.current && { required: ['current'] }),
    ...(example.errors && { required: ['errors'] }),
  };
  return {
    description: PROBLEM_MEANINGS[code],
    headers: headersOf([...COMMON_HEADERS, ...(PROBLEM_HEADERS[code] ?? [])]),
    content: {
      'application/problem+json': {
        schema: { allOf: [{ $ref: '#/components/schemas/Problem' }, { type: 'object', ...narrowed }] },
        examples: { problem: { summary: example.code, value: JSON.parse(problemJson(example, REQUEST_ID)) } },
      },
    },
  };
}
