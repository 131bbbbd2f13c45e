import { type ProblemCode, statusOf } from '../problem.ts';
import { components, headersOf, schemaOf } from './components.ts';
import { COMMON_HEADERS } from './headers.ts';
import { LIST_OPERATIONS } from './list-operations.ts';
import { type Answer, type Body, type Operation, type RouteSchema, TAGS } from './operation.ts';
import { PROBLEM_EXAMPLES, PROBLEMS_OF_EVERY_REQUEST } from './problems.ts';
import { SERVICE_OPERATIONS } from './service-operations.ts';
import { TASK_OPERATIONS } from './task-operations.ts';

export const OPERATIONS: readonly Operation[] = [...LIST_OPERATIONS, ...TASK_OPERATIONS, ...SERVICE_OPERATIONS];

/** The description of the whole API, made from the schemas that validate it. */
export const openApiDocument = () => ({
  openapi: '3.1.0',
  info: {
    title: 'Task service',
    version: '1.0.0',
    summary: 'A backend for tasks (todos), each under its owner',
    description: INTRODUCTION,
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/', description: 'The service that serves this document' }],
  // There is no authentication.
  security: [],
  tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
  paths: pathsOf(OPERATIONS),
  components: components(),
});

const INTRODUCTION = `\
Writes can be guarded by \`If-Match\`, creates can be repeated, and clients can follow what has changed.

- \`HEAD\` answers as \`GET\` without a body, \`OPTIONS\` with the methods of a path in \`Allow\`, any other method 405 \
\`method-not-allowed\`, any other path 404 \`route-not-found\`.
- Nothing is converted and nothing is dropped: a field or a parameter that is unknown, given twice or of another type is \
refused with 400.
- Every error is a problem document.
- There is no authentication: the owner is whoever the path names.`;

function pathsOf(operations: readonly Operation[]) {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) };
  }
  return paths;
}

function describe({ operationId, tag, summary, description, schema, headers = [], body, ...told }: Operation) {
  const path = Object.keys(schema.params?.properties ?? {});
  const parameters = [
    ...[...path, ...headers].map((name) => ({ $ref: `#/components/parameters/${name}` })),
    ...Object.entries(schema.querystring?.properties ?? {}).map(queryParameter),
  ];
  return {
    operationId,
    tags: [tag],
    summary,
    description,
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: requestBody(schema, body) }),
    responses: { ...answersOf(schema, told.answers), ...problemsOf(told.problems) },
  };
}

function queryParameter([name, schema]: [string, object]) {
  const { description, examples, ...others } = schemaOf(schema) as { description: string; examples: unknown[] };
  return { name, in: 'query', required: false, description, schema: others, example: examples[0] };
}

/** A body that may only be empty is not told of: there is nothing to send. */
function requestBody({ body }: RouteSchema, { mediaTypes = ['application/json'], examples }: Body) {
  const content = { schema: schemaOf(body as object), examples };
  return {
    required: !('nullable' in (body as object)),
    content: Object.fromEntries(mediaTypes.map((type) => [type, content])),
  };
}

function answersOf({ response = {} }: RouteSchema, answers: Operation['answers']) {
  const toAnswer = ([status, { description, mediaType = 'application/json', headers = [], examples }]: [
    string,
    Answer,
  ]) => {
    const schema = response[Number(status)];
    const content = schema && { [mediaType]: { schema: schemaOf(schema), examples } };
    return [status, { description, headers: headersOf([...COMMON_HEADERS, ...headers]), ...(content && { content }) }];
  };
  return Object.fromEntries(Object.entries(answers).map(toAnswer));
}

/** No operation has two problems of one status. */
function problemsOf(codes: readonly ProblemCode[]) {
  const all = [...PROBLEMS_OF_EVERY_REQUEST, ...codes];
  return Object.fromEntries(
    all.map((code) => [statusOf(PROBLEM_EXAMPLES[code]), { $ref: `#/components/responses/${code}` }]),
  );
}
