import { createHash } from 'node:crypto';
import createBuilder, { type Knex } from 'knex';
import { PostgresDialect } from './postgres-dialect.ts';

/** SQL that was put together once. Whoever sends it gives only the values. */
export interface Statement<Values, Row> {
  /** Under which a server keeps it prepared: the same name never stands for another text. */
  readonly name: string;
  /** What somebody reads who looks at the server's prepared statements, or at metrics. Several statements may share it. */
  readonly purpose: string;
  readonly text: string;
  /** In the order of their places in the text. */
  readonly valuesOf: (values: Values) => unknown[];
  /** Whether a row can be of the answer to these values: each carries the owner, and what else was asked for. */
  readonly isAnswer: IsAnswer<Values, Row>;
}

/** A row came that nobody asked for: answers and questions have been mixed up. */
export class CrossedAnswer extends Error {
  override readonly name = 'CrossedAnswer';
}

/** @throws {CrossedAnswer} */
export function answersOf<Values, Row>({ isAnswer }: Statement<Values, Row>, values: Values, rows: Row[]): Row[] {
  if (rows.every((row) => isAnswer(row, values))) return rows;
  throw new CrossedAnswer('A statement was answered with what another one had asked for');
}

/** Stands in the query builder for a value that comes later. */
class Place {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Builds, and never connects. */
const builder = createBuilder({ client: PostgresDialect });

type Places<Values> = Readonly<Record<keyof Values & string, Knex.Value>>;
type Query = Knex.QueryBuilder | Knex.Raw;

/** Whether a row can be of the answer to these values. */
type IsAnswer<Values, Row> = (row: Row, values: Values) => boolean;

/** @param build names the values by their place, wherever the query builder takes a value */
export function compile<Values extends object, Row>(
  purpose: string,
  isAnswer: IsAnswer<Values, Row>,
  build: (knex: Knex, value: Places<Values>) => Query,
): Statement<Values, Row> {
  const places = new Proxy({}, { get: (_none, name) => new Place(String(name)) });
  return fromQuery(purpose, isAnswer, build(builder, places as Places<Values>));
}

/** @param sql names the values like `:owner` */
export function compileSql<Values extends object, Row>(
  purpose: string,
  isAnswer: IsAnswer<Values, Row>,
  sql: string,
): Statement<Values, Row> {
  const names = Array.from(sql.matchAll(/(?<!:):(\w+)/g), ([, name = '']) => name);
  const places = Object.fromEntries(names.map((name) => [name, new Place(name)]));
  return fromQuery(purpose, isAnswer, builder.raw(sql, places as unknown as Knex.ValueDict));
}

function fromQuery<Values, Row>(
  purpose: string,
  isAnswer: IsAnswer<Values, Row>,
  query: Query,
): Statement<Values, Row> {
  const { sql: text, bindings } = query.toSQL().toNative();
  const places = bindings.map((binding) => {
    if (binding instanceof Place) return binding.name as keyof Values;
    throw new TypeError(`A value must not be a part of ${text}`);
  });
  const name = `${purpose}_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  return { name, purpose, text, valuesOf: (values) => places.map((place) => values[place]), isAnswer };
}
