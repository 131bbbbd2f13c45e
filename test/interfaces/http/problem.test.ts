import { expect, it } from 'vitest';
import { problemOf } from '../../../src/interfaces/http/problem.ts';

it('a task that breaks a rule of the domain, which no schema lets through, is told apart field by field', () => {
  const faults = [
    { field: 'title', problem: 'must not be blank' },
    { field: 'description', problem: 'must have at most 4000 characters' },
  ] as const;
  expect(problemOf({ kind: 'invalid-task', faults })).toEqual({
    code: 'invalid-request',
    detail: '/title must not be blank. All 2 faults are in "errors".',
    errors: [
      { pointer: '/title', detail: 'must not be blank' },
      { pointer: '/description', detail: 'must have at most 4000 characters' },
    ],
  });
});
