import { describe, expect, it } from 'vitest';
import type { UserId } from '../../src/domain/ids.ts';
import { areOf, fromTuple, type TaskTuple } from '../../src/infrastructure/postgres/task-page.ts';
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

describe('a task on a page', () => {
  const seconds = at(0).getTime() / 1_000;
  const tuple: TaskTuple = ['bob', freshId(), 'private', null, false, null, seconds, seconds + 0.001, null, 7];

  it('becomes the task of its owner', () => {
    const task = fromTuple(tuple, 'bob' as UserId);
    expect(task).toMatchObject({ owner: 'bob', title: 'private', revision: 7, completedAt: null, createdAt: at(0) });
    expect(task.updatedAt.getTime() - at(0).getTime()).toBe(1);
  });

  it('of another owner is never shown, and not quoted either', () => {
    expect(() => fromTuple(tuple, 'alice' as UserId)).toThrow(/^A statement read a task of another owner$/);
    expect(areOf('bob', [tuple])).toBe(true);
    expect(areOf('alice', [tuple])).toBe(false);
    expect(areOf('alice', null)).toBe(true);
  });

  it('has times that are exact to the millisecond', () => {
    for (let ms = 0; ms < 1_000; ms++) {
      const created = Date.UTC(2026, 10, 21) + ms;
      const [owner, id, title, description, completed, , , ...rest] = tuple;
      const read = fromTuple(
        [owner, id, title, description, completed, created / 1_000, created / 1_000, ...rest],
        'bob' as UserId,
      );
      expect(read.createdAt.getTime()).toBe(created);
    }
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
