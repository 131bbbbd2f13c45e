import { HEALTH_ROUTES } from '../schemas.ts';
import type { Operation } from './operation.ts';

/** What is no task. */
export const SERVICE_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/livez',
    operationId: 'getLiveness',
    tag: 'Service',
    summary: 'Whether the process answers',
    description: 'Never asks the database, whose failure no restart of the service would mend.',
    schema: HEALTH_ROUTES.livez,
    answers: {
      200: { description: 'It does', examples: { alive: { summary: 'Alive', value: { status: 'alive' } } } },
    },
    problems: [],
  },
  {
    method: 'get',
    path: '/readyz',
    operationId: 'getReadiness',
    tag: 'Service',
    summary: 'Whether tasks can be served',
    description: 'For load balancers. The `detail` of a 503 says what is missing.',
    schema: HEALTH_ROUTES.readyz,
    answers: {
      200: { description: 'They can', examples: { ready: { summary: 'Ready', value: { status: 'ready' } } } },
    },
    problems: ['internal-error', 'unavailable'],
  },
  {
    method: 'get',
    path: '/metrics',
    operationId: 'getMetrics',
    tag: 'Service',
    summary: 'What was counted',
    description:
      'In the text format of Prometheus. Never asks the database. With `METRICS=off` there is no such route.',
    schema: { response: { 200: { type: 'string' } } },
    answers: {
      200: {
        description: 'The counts since the process began, and what holds at this moment',
        mediaType: 'text/plain',
        examples: {
          count: {
            summary: 'One of them',
            value:
              'task_service_http_request_duration_seconds_count{route="/api/:user_id/tasks",method="POST",status="201"} 3\n',
          },
        },
      },
    },
    problems: ['internal-error'],
  },
  {
    method: 'get',
    path: '/openapi.json',
    operationId: 'getOpenApiDocument',
    tag: 'Service',
    summary: 'This document',
    description: 'OpenAPI 3.1, made from the schemas that requests are checked with.',
    schema: { response: { 200: { type: 'object', properties: { openapi: { type: 'string' } } } } },
    answers: {
      200: {
        description: 'The document',
        examples: { start: { summary: 'Its first line', value: { openapi: '3.1.0' } } },
      },
    },
    problems: [],
  },
];
