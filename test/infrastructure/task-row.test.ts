import { describe, expect, it } from 'vitest';
import type { UserId } from '../../src/domain/ids.ts';
import { birthDigestOf, type TaskRow, toTask } from '../../src/infrastructure/postgres/task-row.ts';
import { aBirth, at, freshId } from '../support/tasks.ts';

const row: TaskRow = {
  user_id: 'bob',
  id: freshId(),
  title: 'private',
  description: null,
  completed: false,
  completed_at: null,
  created_at: at(0),
  updated_at: at(0),
  deleted_at: null,
  revision: '7',
};

describe('a row', () => {
  it('becomes the task of its owner', () => {
    expect(toTask(row, 'bob' as UserId)).toMatchObject({ owner: 'bob', title: 'private', revision: 7 });
  });

  it('of another owner is never shown, and not quoted either', () => {
    expect(() => toTask(row, 'alice' as UserId)).toThrow(/^A statement read a task of another owner$/);
  });
});

describe('the digest of a birth', () => {
  it('tells fields apart whose texts run into each other', () => {
    const one = birthDigestOf(aBirth({ title: 'a', description: 'b' }));
    expect(one.equals(birthDigestOf(aBirth({ title: 'ab', description: '' })))).toBe(false);
  });

  it('does not depend on when or by whom it was asked', () => {
    const one = birthDigestOf(aBirth({ createdAt: at(1) }));
    expect(one.equals(birthDigestOf(aBirth({ createdAt: at(2), owner: 'bob' as UserId })))).toBe(true);
  });
});
