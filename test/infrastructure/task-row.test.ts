import { describe, expect, it } from 'vitest';
import type { UserId } from '../../src/domain/ids.ts';
import { birthDigestOf, type TaskRow, toTask } from '../../src/infrastructure/postgres/sql/columns.ts';
import { type TaskPage, tasksOn } from '../../src/infrastructure/postgres/sql/page.ts';
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

describe('a page', () => {
  const seconds = at(0).getTime() / 1_000;
  const ids = [freshId(), freshId()] as const;
  const page: TaskPage = {
    user_id: ['bob', 'bob'],
    id: ids,
    title: ['private', 'shared'],
    description: [null, ''],
    completed: [false, true],
    completed_at: [null, seconds],
    created_at: [seconds, seconds],
    updated_at: [seconds + 0.001, seconds],
    deleted_at: [null, seconds],
    revision: [7, 12],
  };

  it('becomes the tasks of its owner', () => {
    const [one, other] = tasksOn(page, 'bob' as UserId);
    expect(one).toMatchObject({ id: ids[0], owner: 'bob', title: 'private', description: null, revision: 7 });
    expect(one).toMatchObject({ completed: false, completedAt: null, createdAt: at(0), deletedAt: null });
    expect(one?.updatedAt.getTime()).toBe(at(0).getTime() + 1);
    expect(other).toMatchObject({ id: ids[1], owner: 'bob', title: 'shared', description: '', revision: 12 });
    expect(other).toMatchObject({ completed: true, completedAt: at(0), updatedAt: at(0), deletedAt: at(0) });
  });

  it('may be empty', () => {
    expect(tasksOn(null, 'bob' as UserId)).toEqual([]);
  });

  it.each([
    ['alice', 'alice'],
    ['alice', 'bob'],
    ['bob', 'carol'],
  ])('with a task of another owner is never shown, and not quoted either: %s to %s', (first, last) => {
    expect(() => tasksOn({ ...page, user_id: [first, last] }, 'bob' as UserId)).toThrow(
      /^A statement read a task of another owner$/,
    );
  });

  it('has times that are exact to the millisecond', () => {
    for (let ms = 0; ms < 1_000; ms++) {
      const created = Date.UTC(2026, 10, 21) + ms;
      const [task] = tasksOn({ ...page, created_at: [created / 1_000, seconds] }, 'bob' as UserId);
      expect(task?.createdAt.getTime()).toBe(created);
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
