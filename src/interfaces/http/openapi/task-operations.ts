import { TASK_ROUTES } from '../schemas.ts';
import type { TaskJson } from '../task-json.ts';
import { COMPLETED_TASK, DESCRIBED_TASK, RESTORED_TASK } from './examples.ts';
import { NOT_MODIFIED } from './list-operations.ts';
import type { Operation } from './operation.ts';
import { PROBLEMS_OF_BODIES, PROBLEMS_OF_CHANGES, PROBLEMS_OF_STORAGE } from './problems.ts';

const PATH = '/api/{user_id}/tasks/{id}';

const theTask = (description: string, value: TaskJson = DESCRIBED_TASK) => ({
  200: { description, headers: ['ETag'] as const, examples: { task: { summary: 'The task', value } } },
});

const change = {
  tag: 'Tasks',
  headers: ['IfMatch'],
  problems: [...PROBLEMS_OF_CHANGES, ...PROBLEMS_OF_BODIES, ...PROBLEMS_OF_STORAGE],
} as const;

/** The routes of `taskRoutes`. */
export const TASK_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: PATH,
    operationId: 'getTask',
    tag: 'Tasks',
    summary: 'Read a task',
    description: 'The task as it now stands. Its `ETag` is what `If-Match` takes.',
    schema: TASK_ROUTES.get,
    headers: ['IfNoneMatch'],
    answers: { ...theTask('The task'), 304: NOT_MODIFIED },
    problems: ['task-not-found', ...PROBLEMS_OF_STORAGE],
  },
  {
    ...change,
    method: 'put',
    path: PATH,
    operationId: 'replaceTask',
    summary: 'Replace a task',
    description: 'Wants all three fields, so that nothing is wiped by leaving it out.',
    schema: TASK_ROUTES.replace,
    body: {
      examples: {
        content: {
          summary: 'All three fields',
          value: { title: 'Buy milk', description: 'Two litres', completed: false },
        },
      },
    },
    answers: theTask('The task as it now stands'),
  },
  {
    ...change,
    method: 'patch',
    path: PATH,
    operationId: 'patchTask',
    summary: 'Change a task',
    description:
      'A JSON merge patch (RFC 7396): changes the fields that it names, at least one, and leaves the others.',
    schema: TASK_ROUTES.patch,
    body: {
      mediaTypes: ['application/json', 'application/merge-patch+json'],
      examples: {
        field: { summary: 'One field', value: { description: 'Two litres' } },
        clear: { summary: 'null clears the description', value: { description: null } },
      },
    },
    answers: theTask('The task as it now stands'),
  },
  {
    ...change,
    method: 'delete',
    path: PATH,
    operationId: 'deleteTask',
    summary: 'Delete a task',
    description:
      'Sets the task aside: it is in the trash, and can be restored until whoever runs the service purges it.',
    schema: TASK_ROUTES.delete,
    answers: { 204: { description: 'The task is deleted' } },
  },
  {
    ...change,
    method: 'patch',
    path: `${PATH}/complete`,
    operationId: 'completeTask',
    summary: 'Complete, reopen or toggle a task',
    description: 'With a body it sets `completed`, which can be repeated; without one it toggles, which cannot.',
    schema: TASK_ROUTES.complete,
    body: {
      examples: {
        complete: { summary: 'Complete', value: { completed: true } },
        reopen: { summary: 'Reopen', value: { completed: false } },
      },
    },
    answers: theTask('The task as it now stands', COMPLETED_TASK),
  },
  {
    ...change,
    method: 'post',
    path: `${PATH}/restore`,
    operationId: 'restoreTask',
    summary: 'Restore a deleted task',
    description: 'Brings the task back as it was, under a new revision. Changes nothing on a task that is not deleted.',
    schema: TASK_ROUTES.restore,
    answers: theTask('The task as it now stands', RESTORED_TASK),
  },
];
