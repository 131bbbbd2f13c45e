import { describe, expect, it } from 'vitest';
import type { ListQuery } from '../../src/application/ports.ts';
import {
  birthsOf,
  FIND_MANY,
  INSERT_MANY,
  keysOf,
  replacementsOf,
  UPDATE_MANY,
} from '../../src/infrastructure/postgres/sql/batch.ts';
import { changesStatement } from '../../src/infrastructure/postgres/sql/changes.ts';
import { birthDigestOf, toMutableColumns } from '../../src/infrastructure/postgres/sql/columns.ts';
import { listStatement, toListValues } from '../../src/infrastructure/postgres/sql/list.ts';
import type { TaskPage } from '../../src/infrastructure/postgres/sql/page.ts';
import {
  FIND,
  FIND_BIRTH,
  HEAD,
  INSERT,
  INSERT_IF_FREE,
  UPDATE,
  UPDATE_IF_FREE,
} from '../../src/infrastructure/postgres/sql/single.ts';
import { answersOf, CrossedAnswer, type Statement } from '../../src/infrastructure/postgres/sql/statement.ts';
import { freshOwner } from '../support/owners.ts';
import { aBirth, freshId } from '../support/tasks.ts';

const [owner, stranger] = [freshOwner(), freshOwner()];
const [id, otherId] = [freshId(), freshId()];
const birth = aBirth({ owner, id });
const key = { owner, id };
const columns = { ...key, ...toMutableColumns(birth), created_at: birth.createdAt, birth_digest: birthDigestOf(birth) };
const replacement = { ...key, ...toMutableColumns(birth), expected: 1 };
const query: ListQuery = { deleted: false, orderBy: 'createdAt', descending: true, limit: 10, withTotal: false };
const feed = { owner, since: 0, rows: 10 };

interface Name {
  readonly user_id: string | null;
  readonly id?: string | null;
  readonly tasks?: TaskPage | null;
}

const pageFrom = (first: string, last: string) => ({ user_id: [first, last] }) as unknown as TaskPage;

/** Whether a row would be let through. */
function lets<Values>({ isAnswer }: Pick<Statement<Values, never>, 'isAnswer'>, values: Values) {
  const statement = { isAnswer } as unknown as Statement<Values, Name>;
  return (row: Name): boolean => {
    try {
      return answersOf(statement, values, [row]).length === 1;
    } catch (error) {
      expect(error).toBeInstanceOf(CrossedAnswer);
      return false;
    }
  };
}

describe('an answer lets no row through', () => {
  it.each([
    ['a task', lets(FIND, key)],
    ['a birth', lets(FIND_BIRTH, key)],
    ['a new task', lets(INSERT, columns)],
    ['a changed task', lets(UPDATE, replacement)],
    ['a new task, if nobody else writes', lets(INSERT_IF_FREE, columns)],
    ['a changed task, if nobody else writes', lets(UPDATE_IF_FREE, replacement)],
    ['tasks', lets(FIND_MANY, keysOf([key]))],
    ['new tasks', lets(INSERT_MANY, birthsOf([columns]))],
    ['changed tasks', lets(UPDATE_MANY, replacementsOf([replacement]))],
  ])('of another owner or another id: %s', (_what, isLet) => {
    expect(isLet({ user_id: owner, id })).toBe(true);
    expect(isLet({ user_id: stranger, id })).toBe(false);
    expect(isLet({ user_id: owner, id: otherId })).toBe(false);
  });

  it('whose owner and id were asked for, but not of each other', () => {
    const isLet = lets(FIND_MANY, keysOf([key, { owner: stranger, id: otherId }]));
    expect([isLet({ user_id: stranger, id: otherId }), isLet({ user_id: stranger, id })]).toEqual([true, false]);
  });

  it.each([
    ['a list', lets(listStatement(query), toListValues(owner, query))],
    ['the first changes', lets(changesStatement(true, 10), feed)],
    ['changes', lets(changesStatement(false, 10), feed)],
    ['a long page of changes', lets(changesStatement(false, 1_000), feed)],
  ])('of another owner, nor another counter: %s', (_what, isLet) => {
    expect(isLet({ user_id: owner, tasks: pageFrom(owner, owner) })).toBe(true);
    expect(isLet({ user_id: owner, tasks: null })).toBe(true);
    expect(isLet({ user_id: owner, tasks: pageFrom(owner, stranger) })).toBe(false);
    expect(isLet({ user_id: owner, tasks: pageFrom(stranger, owner) })).toBe(false);
    expect(isLet({ user_id: stranger, tasks: pageFrom(owner, owner) })).toBe(false);
    expect(isLet({ user_id: stranger, tasks: null })).toBe(false);
  });

  it('of the counter of another owner', () => {
    const isLet = lets(HEAD, { owner });
    expect([isLet({ user_id: owner }), isLet({ user_id: stranger })]).toEqual([true, false]);
  });
});

describe('the statements of lists', () => {
  it('are one for each shape, whatever the values', () => {
    const position = { ...birth, revision: 7 } as unknown as NonNullable<ListQuery['after']>;
    const shapes: ListQuery[] = [
      query,
      { ...query, deleted: true },
      { ...query, orderBy: 'revision' },
      { ...query, descending: false },
      { ...query, withTotal: true },
      { ...query, text: 'milk' },
      { ...query, completed: true },
      { ...query, after: position },
      { ...query, limit: 1_000 },
    ];
    expect(new Set(shapes.map((shape) => listStatement(shape).text)).size).toBe(shapes.length);
    expect(new Set(shapes.map((shape) => listStatement(shape).name)).size).toBe(shapes.length);
    expect(listStatement({ ...query, completed: false, limit: 3 })).toBe(listStatement({ ...query, completed: true }));
  });
});
