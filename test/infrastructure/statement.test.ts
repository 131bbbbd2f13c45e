import { describe, expect, it } from 'vitest';
import {
  batchByKey,
  batchByUnion,
  compile,
  compileSql,
  MisplacedRow,
} from '../../src/infrastructure/postgres/sql/statement.ts';

interface Values {
  readonly owner: string;
  readonly after: number;
  readonly rows: number;
}

interface Row {
  readonly user_id: string;
  readonly n?: number;
}

const any = () => true;
const isOfOwner = ({ user_id }: Row, { owner }: Values) => user_id === owner;
const valuesOf = (owner: string, after = 0): Values => ({ owner, after, rows: 0 });

describe('a statement', () => {
  it('has its parameters in the order of their placeholders', () => {
    const { text, parametersOf } = compile<Values, unknown>('test', any, (knex, { owner, after, rows }) =>
      knex
        .from(knex.raw('lateral (? limit ?) as t', [knex('tasks').select('id').where('revision', '>', after), rows]))
        .select('id')
        .where('user_id', owner),
    );
    expect(text).toBe(
      'select "id" from lateral ((select "id" from "tasks" where "revision" > $1) limit $2) as t where "user_id" = $3',
    );
    expect(parametersOf({ owner: 'alice', rows: 3, after: 7 })).toEqual([7, 3, 'alice']);
  });

  it('may be written as SQL with casts', () => {
    const { text, parametersOf } = compileSql<Values, unknown>('test', any, 'select :owner::text, :after::int, :owner');
    expect(text).toBe('select $1::text, $2::int, $3');
    expect(parametersOf(valuesOf('alice', 7))).toEqual(['alice', 7, 'alice']);
  });

  it('has a name that depends on its label and its text only', () => {
    const one = compileSql<Values, unknown>('test', any, 'select :owner');
    expect(compileSql<Values, unknown>('test', () => false, 'select :after').name).toBe(one.name);
    expect(compileSql<Values, unknown>('test', any, 'select 1, :owner').name).not.toBe(one.name);
  });

  it('cannot contain a value', () => {
    expect(() => compile<Values, unknown>('test', any, (knex) => knex('tasks').where('user_id', 'alice'))).toThrow(
      TypeError,
    );
  });

  it('rejects a result with a row of another request', () => {
    const { resultOf } = compileSql<Values, Row>('test', isOfOwner, 'select 1');
    const rows = [{ user_id: 'alice' }];
    expect(resultOf(rows, valuesOf('alice'))).toBe(rows);
    expect(() => resultOf([...rows, { user_id: 'bob' }], valuesOf('alice'))).toThrow(MisplacedRow);
  });
});

describe('a batch by key', () => {
  const statement = compileSql<{ readonly owners: readonly string[] }, Row>('test', any, 'select :owners');
  const ownersOf = (items: readonly Values[]) => ({ owners: items.map(({ owner }) => owner) });
  const { of, maxSize } = batchByKey<Values, { readonly owners: readonly string[] }, Row>(
    statement,
    8,
    ownersOf,
    ({ owner }) => owner,
    ({ user_id }) => user_id,
  );
  const items = ['alice', 'bob', 'carol'].map((owner) => valuesOf(owner));

  it('has one statement for all sizes', () => {
    expect(of(2).name).toBe(of(3).name);
    expect([of(2).text, maxSize]).toEqual([statement.text, 8]);
  });

  it('gives each item its own rows, whatever their order', () => {
    const rows = [{ user_id: 'carol' }, { user_id: 'alice' }];
    expect(of(3).resultOf(rows, items)).toEqual([[rows[1]], [], [rows[0]]]);
  });

  it('asks once for items with the same key, and gives the rows to all of them', () => {
    const twice = [valuesOf('alice'), valuesOf('bob'), valuesOf('alice')];
    expect(of(3).parametersOf(twice)).toEqual([['alice', 'bob']]);
    expect(of(3).resultOf([{ user_id: 'alice' }], twice)).toEqual([[{ user_id: 'alice' }], [], [{ user_id: 'alice' }]]);
  });

  it('rejects a result with a row of another request', () => {
    expect(() => of(3).resultOf([{ user_id: 'alice' }, { user_id: 'eve' }], items)).toThrow(MisplacedRow);
  });
});

describe('a batch by union', () => {
  const statement = compileSql<Values, Row>('test', isOfOwner, 'select :owner as user_id where 1 > :after');
  const { of } = batchByUnion(statement, 4);
  const items = [valuesOf('alice', 1), valuesOf('bob', 2)];

  it('has a copy of the statement for each item', () => {
    expect(of(2).text).toBe(
      'select 0 as copy, q.* from (select $1 as user_id where 1 > $2) as q union all ' +
        'select 1 as copy, q.* from (select $3 as user_id where 1 > $4) as q',
    );
    expect(of(2).parametersOf(items)).toEqual(['alice', 1, 'bob', 2]);
  });

  it('has a name for each size', () => {
    expect(new Set([statement.name, of(2).name, of(3).name]).size).toBe(3);
    expect(of(2)).toBe(of(2));
  });

  it('gives each item the rows of its copy, whatever their order', () => {
    const [mine, theirs] = [
      { copy: 0, user_id: 'alice' },
      { copy: 1, user_id: 'bob' },
    ];
    expect(of(2).resultOf([theirs, mine], items)).toEqual([[mine], [theirs]]);
    expect(of(2).resultOf([theirs], items)).toEqual([[], [theirs]]);
  });

  it('rejects a result with a row of another request', () => {
    const swapped = [
      { copy: 1, user_id: 'alice' },
      { copy: 0, user_id: 'bob' },
    ];
    expect(() => of(2).resultOf(swapped, items)).toThrow(MisplacedRow);
  });
});
