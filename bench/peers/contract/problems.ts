import { toTaskJson } from './task-json.ts';
import type { TaskRow } from './tasks.ts';

const PROBLEMS = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'task-not-found': { status: 404, title: 'Task not found' },
  'route-not-found': { status: 404, title: 'Route not found' },
  'resync-required': { status: 410, title: 'Resync required' },
  'revision-mismatch': { status: 412, title: 'The task has changed' },
  'internal-error': { status: 500, title: 'Something went wrong' },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

export const PROBLEM_TYPE = 'application/problem+json';

export const statusOf = (code: ProblemCode): number => PROBLEMS[code].status;

export function problemJson(code: ProblemCode, requestId: string, current?: TaskRow): string {
  return JSON.stringify({
    type: `urn:task-service:problem:${code}`,
    ...PROBLEMS[code],
    code,
    detail: PROBLEMS[code].title,
    request_id: requestId,
    current: current && toTaskJson(current),
  });
}
