import { describe, expect, it } from 'vitest';
import { answersOf, CrossedAnswer, compile, compileSql } from '../../src/infrastructure/postgres/sql/statement.ts';

interface Values {
  readonly owner: string;
  readonly after: number;
  readonly rows: number;
}

const always = () => true;

describe('a statement', () => {
  it('has the values in the order of their places', () => {
    const { text, valuesOf } = compile<Values, unknown>('test', always, (knex, { owner, after, rows }) =>
      knex
        .from(knex.raw('lateral (? limit ?) as t', [knex('tasks').select('id').where('revision', '>', after), rows]))
        .select('id')
        .where('user_id', owner),
    );
    expect(text).toBe(
      'select "id" from lateral ((select "id" from "tasks" where "revision" > $1) limit $2) as t where "user_id" = $3',
    );
    expect(valuesOf({ owner: 'alice', rows: 3, after: 7 })).toEqual([7, 3, 'alice']);
  });

  it('may be written by hand, with casts', () => {
    const { text, valuesOf } = compileSql<Values, unknown>('test', always, 'select :owner::text, :after::int, :owner');
    expect(text).toBe('select $1::text, $2::int, $3');
    expect(valuesOf({ owner: 'alice', after: 7, rows: 0 })).toEqual(['alice', 7, 'alice']);
  });

  it('has a name that is that of its text alone', () => {
    const one = compileSql<Values, unknown>('test', always, 'select :owner');
    expect(compileSql<Values, unknown>('test', () => false, 'select :after').name).toBe(one.name);
    expect(compileSql<Values, unknown>('test', always, 'select 1, :owner').name).not.toBe(one.name);
  });

  it('is not compiled with a value in it', () => {
    expect(() => compile<Values, unknown>('test', always, (knex) => knex('tasks').where('user_id', 'alice'))).toThrow(
      TypeError,
    );
  });

  it('is not answered by a row that belongs to another one', () => {
    const ofOwner = compileSql<Values, { user_id: string }>(
      'test',
      ({ user_id }, { owner }) => user_id === owner,
      'select 1',
    );
    const values = { owner: 'alice', after: 0, rows: 0 };
    const rows = [{ user_id: 'alice' }];
    expect(answersOf(ofOwner, values, rows)).toBe(rows);
    expect(() => answersOf(ofOwner, values, [...rows, { user_id: 'bob' }])).toThrow(CrossedAnswer);
  });
});
