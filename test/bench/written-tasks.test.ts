import { describe, expect, it } from 'vitest';
import { countOf, SIZES, storedTask, totalOf } from '../../bench/database/data-set.ts';
import { WrittenTasks } from '../../bench/load/written-tasks.ts';

describe('the data set', () => {
  it.each(Object.entries(SIZES))('%s has the sum of the tasks of its users', (_name, size) => {
    let total = 0;
    for (let user = 0; user < size.users; user++) total += countOf(size, user);
    expect(totalOf(size)).toBe(total);
  });

  it('gives each task of a user a unique id that sorts by creation time', () => {
    const ids = Array.from({ length: 10_000 }, (_, at) => storedTask(0, at + 1).id);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
  });
});

describe('the writable tasks', () => {
  const size = SIZES.check;
  const writable = (size.large - size.quiet) * size.perLarge + (size.users - 1 - size.large) * size.perSmall;

  it('are visited once per pass and exclude quiet users', () => {
    const written = new WrittenTasks(size);
    const seen = new Set(Array.from({ length: writable }, () => written.next()));
    expect(seen.size).toBe(writable);
    expect([...seen].some(({ stored }) => Number(stored.user.slice(-5)) <= size.quiet)).toBe(false);
  });

  it('keep their state', () => {
    const written = new WrittenTasks(size);
    const first = written.next();
    first.revision = 99;
    for (let at = 1; at < writable; at++) written.next();
    expect(written.next()).toBe(first);
  });
});
