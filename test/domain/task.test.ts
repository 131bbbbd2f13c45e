import { describe, expect, it } from 'vitest';
import type { UserId } from '../../src/domain/ids.ts';
import { Task, type TaskContent } from '../../src/domain/task.ts';
import { aTask, at, freshId } from '../support/tasks.ts';

const now = at(60_000);

describe('a new task', () => {
  const owner = 'alice' as UserId;
  const create = (content: Partial<TaskContent>) =>
    Task.create(freshId(), owner, { title: 'Buy milk', description: null, completed: false, ...content }, now);

  it('is open and was created and changed now', () => {
    expect(create({})).toMatchObject({
      ok: true,
      value: { owner, completed: false, completedAt: null, createdAt: now, updatedAt: now, deletedAt: null },
    });
  });

  it('was completed now when it is created completed', () => {
    expect(create({ completed: true })).toMatchObject({ ok: true, value: { completed: true, completedAt: now } });
  });

  it('may have the longest texts, counted in code points', () => {
    expect(create({ title: '𝒳'.repeat(255), description: '𝒳'.repeat(4_000) }).ok).toBe(true);
  });

  it.each<[string, Partial<TaskContent>, string, string]>([
    ['a title that is too long', { title: 'x'.repeat(256) }, 'title', 'must have at most 255 characters'],
    ['code points too many', { title: '𝒳'.repeat(256) }, 'title', 'must have at most 255 characters'],
    ['accents too many', { title: `e${'\u0301'.repeat(255)}` }, 'title', 'must have at most 255 characters'],
    ['an empty title', { title: '' }, 'title', 'must not be blank'],
    ['a title of white space', { title: ' \t\n\u00a0\u2003\u3000' }, 'title', 'must not be blank'],
    ['a title of zero-width characters', { title: '\u200b\u200d\u2060\ufeff' }, 'title', 'must not be blank'],
    ['a long description', { description: 'x'.repeat(4_001) }, 'description', 'must have at most 4000 characters'],
    ['U+0000', { title: 'a\0b' }, 'title', 'must not contain U+0000 or unpaired surrogates'],
    ['a high surrogate alone', { title: 'a\ud800' }, 'title', 'must not contain U+0000 or unpaired surrogates'],
    [
      'a pair the wrong way',
      { description: '\udc00\ud800' },
      'description',
      'must not contain U+0000 or unpaired surrogates',
    ],
  ])('is refused with %s', (_what, content, field, problem) => {
    expect(create(content)).toEqual({ ok: false, failure: { kind: 'invalid-task', faults: [{ field, problem }] } });
  });

  it('is refused with all faults at once', () => {
    const outcome = create({ title: ' '.repeat(256), description: 'x'.repeat(4_001) });
    expect(outcome).toMatchObject({
      failure: { faults: [{ field: 'title' }, { field: 'title' }, { field: 'description' }] },
    });
  });

  it('keeps its text as it is', () => {
    expect(create({ title: '  a  ', description: '' })).toMatchObject({ value: { title: '  a  ', description: '' } });
  });
});

describe('an edit', () => {
  it('changes what it names and when the task changed', () => {
    const task = aTask({ description: 'two litres' });
    expect(Task.edit(task, { title: 'Buy oat milk' }, now)).toEqual({
      ok: true,
      value: { ...task, title: 'Buy oat milk', updatedAt: now },
    });
  });

  it('clears a description', () => {
    const task = aTask({ description: 'two litres' });
    expect(Task.edit(task, { description: null }, now)).toMatchObject({ value: { description: null, updatedAt: now } });
  });

  it('completes a task like completing it does', () => {
    const task = aTask();
    expect(Task.edit(task, { completed: true }, now)).toEqual({ ok: true, value: Task.setCompleted(task, true, now) });
  });

  it.each([
    {},
    { title: 'Buy milk' },
    { description: null },
    { title: 'Buy milk', description: null, completed: false },
  ])('answers the very same task when nothing changes: %o', (edit) => {
    const task = aTask({ title: 'Buy milk', description: null, completed: false });
    const outcome = Task.edit(task, edit, now);
    expect(outcome.ok && outcome.value).toBe(task);
  });

  it('is refused like a new task', () => {
    expect(Task.edit(aTask(), { title: ' ' }, now)).toMatchObject({ ok: false, failure: { kind: 'invalid-task' } });
  });

  it('leaves the task it was given alone', () => {
    const task = Object.freeze(aTask());
    Task.edit(task, { title: 'other', completed: true }, now);
    expect(task.title).toBe('Buy milk');
  });
});

describe('completing', () => {
  it('says when', () => {
    expect(Task.setCompleted(aTask(), true, now)).toMatchObject({ completed: true, completedAt: now, updatedAt: now });
  });

  it('keeps the time of the first completion when it is repeated', () => {
    const task = aTask({ completed: true, completedAt: at(1) });
    expect(Task.setCompleted(task, true, now)).toBe(task);
  });

  it('can be taken back, and then has no time', () => {
    const task = aTask({ completed: true, completedAt: at(1) });
    expect(Task.setCompleted(task, false, now)).toMatchObject({ completed: false, completedAt: null, updatedAt: now });
  });
});

describe('deleting', () => {
  it('leaves a tombstone with all that the task was', () => {
    const task = aTask();
    expect(Task.delete(task, now)).toEqual({ ...task, deletedAt: now, updatedAt: now });
  });

  it('changes nothing the second time', () => {
    const tombstone = Task.delete(aTask(), at(1));
    expect(Task.delete(tombstone, now)).toBe(tombstone);
  });

  it('is undone by restoring', () => {
    const task = aTask();
    expect(Task.restore(Task.delete(task, at(1)), now)).toEqual({ ...task, updatedAt: now });
  });

  it('needs no undoing on a live task', () => {
    const task = aTask();
    expect(Task.restore(task, now)).toBe(task);
  });
});
