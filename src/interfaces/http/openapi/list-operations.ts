import { TASK_ROUTES } from '../schemas.ts';
import { COMPLETED_TASK, CREATED_TASK, CURSOR, DELETED_TASK, DESCRIBED_TASK, TOMBSTONE } from './examples.ts';
import type { Operation } from './operation.ts';
import { PROBLEMS_OF_BODIES, PROBLEMS_OF_STORAGE } from './problems.ts';

const PATH = '/api/{user_id}/tasks';

export const NOT_MODIFIED = { description: 'What the client holds is what there is', headers: ['ETag'] } as const;

/** The routes of `listRoutes`. */
export const LIST_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: PATH,
    operationId: 'listTasks',
    tag: 'Tasks',
    summary: 'List tasks',
    description:
      'One page of the tasks of an owner, newest first unless `sort` says otherwise. An owner without tasks has an empty ' +
      'list. A task that stays as it is appears once and only once, whatever is written while someone pages.',
    schema: TASK_ROUTES.list,
    headers: ['IfNoneMatch'],
    answers: {
      200: {
        description: 'A page of tasks',
        headers: ['ETag', 'Link'],
        examples: {
          page: {
            summary: 'A page that another one follows',
            value: { tasks: [DESCRIBED_TASK], next_cursor: CURSOR, revision: 7, total: 3 },
          },
          trash: {
            summary: 'The trash',
            value: { tasks: [DELETED_TASK], next_cursor: null, revision: 4 },
          },
          empty: { summary: 'An owner without tasks', value: { tasks: [], next_cursor: null, revision: 0 } },
        },
      },
      304: NOT_MODIFIED,
    },
    problems: PROBLEMS_OF_STORAGE,
  },
  {
    method: 'post',
    path: PATH,
    operationId: 'createTask',
    tag: 'Tasks',
    summary: 'Create a task',
    description:
      'A create that carries a name, an `id` in the body or an `Idempotency-Key`, can be sent again without creating a ' +
      'second task: it is answered with the task as it now stands, and `Idempotency-Replayed: true`.',
    schema: TASK_ROUTES.create,
    headers: ['IdempotencyKey'],
    body: {
      examples: {
        title: { summary: 'A title is enough', value: { title: 'Buy milk' } },
        named: {
          summary: 'All fields, with an id of its own',
          value: { id: CREATED_TASK.id, title: 'Buy milk', description: 'Two litres', completed: false },
        },
      },
    },
    answers: {
      201: {
        description: 'The task was created, or had been by the same request before',
        headers: ['ETag', 'Location', 'Idempotency-Replayed'],
        examples: { task: { summary: 'A new task', value: CREATED_TASK } },
      },
    },
    problems: ['id-taken', 'task-deleted', 'idempotency-mismatch', ...PROBLEMS_OF_BODIES, ...PROBLEMS_OF_STORAGE],
  },
  {
    method: 'get',
    path: `${PATH}/changes`,
    operationId: 'listChanges',
    tag: 'Changes',
    summary: 'Follow the changes',
    description:
      'What has changed after the revision `since`, deletions included; without it, every task. Who applies all pages ' +
      "in order holds exactly the owner's tasks. Follow `Link` while there is one, then come back with the `revision` " +
      'that was reached.',
    schema: TASK_ROUTES.changes,
    headers: ['IfNoneMatch'],
    answers: {
      200: {
        description: 'A page of changes',
        headers: ['ETag', 'Link'],
        examples: {
          changes: {
            summary: 'A change and a deletion',
            value: {
              changes: [{ ...COMPLETED_TASK, id: '01a1f964-da47-7000-99b9-06b17f5b240a' }, TOMBSTONE],
              revision: 4,
              has_more: false,
            },
          },
        },
      },
      304: NOT_MODIFIED,
    },
    problems: ['resync-required', ...PROBLEMS_OF_STORAGE],
  },
];
