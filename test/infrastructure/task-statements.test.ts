import { describe, expect, it } from 'vitest';
import type { ListQuery } from '../../src/application/ports.ts';
import { CREATE_TASK, FIND_REVISION, FIND_TASK, REPLACE_TASK } from '../../src/infrastructure/postgres/sql/batch.ts';
import { changesQuery } from '../../src/infrastructure/postgres/sql/changes.ts';
import { birthDigestOf, toMutableColumns } from '../../src/infrastructure/postgres/sql/columns.ts';
import { listQuery, toListValues } from '../../src/infrastructure/postgres/sql/list.ts';
import type { TaskPage } from '../../src/infrastructure/postgres/sql/page.ts';
import { MisplacedRow, type Query } from '../../src/infrastructure/postgres/sql/statement.ts';
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

/** The part of a row that a result is checked by. */
interface Row {
  readonly user_id: string;
  readonly id?: string;
  readonly tasks?: TaskPage | null;
  /** Which item of a batch by union it belongs to. */
  readonly copy?: number;
}

const pageOf = (first: string, last: string) => ({ user_id: [first, last] }) as unknown as TaskPage;

/** Every form in which a query is sent, each with a function that returns whether it accepts a row. */
function formsOf<Values>(name: string, query: Query<Values, never>, values: Values) {
  const { statement, waiting, batch } = query as unknown as Query<Values, Row>;
  const accepts = (check: (row: Row) => unknown) => (row: Row) => {
    try {
      check(row);
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(MisplacedRow);
      return false;
    }
  };
  const forms: [string, (row: Row) => boolean][] = [
    [name, accepts((row) => statement.resultOf([row], values))],
    [`${name}, waiting for a lock`, accepts((row) => (waiting ?? statement).resultOf([row], values))],
  ];
  if (batch === undefined) return forms;
  return [
    ...forms,
    [`${name}, in a batch`, accepts((row) => batch.of(1).resultOf([{ ...row, copy: 0 }], [values]))],
  ] as const;
}

describe('a result rejects a row', () => {
  it.each([
    ...formsOf('find a task', FIND_TASK as never, key),
    ...formsOf('create a task', CREATE_TASK as never, columns),
    ...formsOf('replace a task', REPLACE_TASK as never, replacement),
  ])('of another user or another id: %s', (_form, accepts) => {
    expect(accepts({ user_id: owner, id })).toBe(true);
    expect(accepts({ user_id: stranger, id })).toBe(false);
    expect(accepts({ user_id: owner, id: otherId })).toBe(false);
  });

  it('whose user and id belong to different items of the batch', () => {
    const items = [key, { owner: stranger, id: otherId }];
    const resultOf = (row: Row) => FIND_TASK.batch?.of(2).resultOf([row], items);
    expect(resultOf({ user_id: stranger, id: otherId })).toEqual([[], [{ user_id: stranger, id: otherId }]]);
    expect(() => resultOf({ user_id: stranger, id })).toThrow(MisplacedRow);
  });

  it.each([
    ...formsOf('list tasks', listQuery(query) as never, toListValues(owner, query)),
    ...formsOf('a long list', listQuery({ ...query, limit: 1_000 }) as never, toListValues(owner, query)),
    ...formsOf('a search', listQuery({ ...query, text: 'milk' }) as never, toListValues(owner, query)),
    ...formsOf('an initial sync', changesQuery(true, 10) as never, feed),
    ...formsOf('changes', changesQuery(false, 10) as never, feed),
    ...formsOf('a long page of changes', changesQuery(false, 1_000) as never, feed),
  ])('with a task or the counter of another user: %s', (_form, accepts) => {
    expect(accepts({ user_id: owner, tasks: pageOf(owner, owner) })).toBe(true);
    expect(accepts({ user_id: owner, tasks: null })).toBe(true);
    expect(accepts({ user_id: owner, tasks: pageOf(owner, stranger) })).toBe(false);
    expect(accepts({ user_id: owner, tasks: pageOf(stranger, owner) })).toBe(false);
    expect(accepts({ user_id: stranger, tasks: pageOf(owner, owner) })).toBe(false);
    expect(accepts({ user_id: stranger, tasks: null })).toBe(false);
  });

  it.each(formsOf('find a revision', FIND_REVISION as never, { owner }))(
    'of the counter of another user: %s',
    (_form, accepts) => {
      expect([accepts({ user_id: owner }), accepts({ user_id: stranger })]).toEqual([true, false]);
    },
  );
});

describe('the queries of lists', () => {
  const position = { ...birth, revision: 7 } as unknown as NonNullable<ListQuery['after']>;

  it('have a statement for each shape, whatever the values', () => {
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
    const statements = shapes.map((shape) => listQuery(shape).statement);
    expect(new Set(statements.map(({ text }) => text)).size).toBe(shapes.length);
    expect(new Set(statements.map(({ name }) => name)).size).toBe(shapes.length);
    expect(listQuery({ ...query, completed: false, limit: 3 })).toBe(listQuery({ ...query, completed: true }));
  });

  it('use the lane of pages only if they follow an index', () => {
    const lane = (changes: Partial<ListQuery>) => listQuery({ ...query, ...changes }).lane;
    expect([lane({}), lane({ orderBy: 'revision' }), lane({ after: position }), lane({ limit: 1_000 })]).toEqual(
      Array(4).fill('page'),
    );
    expect([
      lane({ deleted: true }),
      lane({ withTotal: true }),
      lane({ text: 'x' }),
      lane({ completed: false }),
    ]).toEqual(Array(4).fill('scan'));
  });
});
