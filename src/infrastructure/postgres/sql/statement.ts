import { createHash } from 'node:crypto';
import createBuilder, { type Knex } from 'knex';
import { PostgresDialect } from '../connection/postgres-dialect.ts';

/** SQL that was compiled once, and is executed with values. */
export interface Statement<Values, Result> {
  /** The name of the prepared statement: the same name never stands for another text. */
  readonly name: string;
  /** Names it in metrics, traces and `pg_prepared_statements`. Several statements may share it. */
  readonly label: string;
  readonly text: string;
  /** The parameters, in the order of their placeholders. */
  readonly parametersOf: (values: Values) => unknown[];
  /** @throws {MisplacedRow} when a row does not match the values */
  readonly resultOf: (rows: unknown[], values: Values) => Result;
}

/** A row belongs to another request: results have been mixed up. */
export class MisplacedRow extends Error {
  override readonly name = 'MisplacedRow';

  constructor(label: string) {
    super(`A row of ${label} does not match the request`);
  }
}

/** Statements that run beside each other on connections of their own, because they cost about the same. */
export type LaneName = 'read' | 'write' | 'isolated' | 'page' | 'scan';

/**
 * What happens when a statement is sent twice: nothing (`read`), nothing more than once (`idempotent`), or perhaps something
 * more (`write`). A `write` is never sent again while its outcome is unknown.
 */
export type RetryClass = 'read' | 'idempotent' | 'write';

/** What a repository asks for: a statement, and how it may be executed. */
export interface Query<Values, Row> {
  readonly lane: LaneName;
  readonly retry: RetryClass;
  readonly statement: Statement<Values, Row[]>;
  readonly batch?: Batch<Values, Row>;
  /**
   * For writes. `statement` and `batch` wait for no lock: they return no row for what they could not decide, and this one is
   * sent instead. It waits for a lock, but not for long, and fails with SQLSTATE 55P03 after that.
   */
  readonly waiting?: Statement<Values, Row[]>;
}

/** Executes several queries in one statement. */
export interface Batch<Values, Row> {
  readonly maxSize: number;
  /** @returns a statement whose result has the rows of each of the values, in their order */
  readonly of: (size: number) => Statement<readonly Values[], Row[][]>;
}

/** Longer than a write holds its locks, and shorter than other users notice. */
const LOCK_WAIT_MS = 50;

/** A row source for statements that may wait for a lock. The setting ends with the statement, also behind a pooler. */
export const BOUNDED_LOCK_WAIT = `(select set_config('lock_timeout', '${LOCK_WAIT_MS}ms', true) as lock_timeout) as bounded`;

/** Stands in the query builder for a value that comes later. */
class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Builds, and never connects. */
const builder = createBuilder({ client: PostgresDialect });

type Placeholders<Values> = Readonly<Record<keyof Values & string, Knex.Value>>;

/** Whether a row can be a result for these values: each row carries the user, and what else was asked for. */
type Matches<Values, Row> = (row: Row, values: Values) => boolean;

/** @param build uses the placeholders wherever the query builder takes a value */
export function compile<Values extends object, Row>(
  label: string,
  matches: Matches<Values, Row>,
  build: (knex: Knex, value: Placeholders<Values>) => Knex.QueryBuilder | Knex.Raw,
): Statement<Values, Row[]> {
  const placeholders = new Proxy({}, { get: (_none, name) => new Placeholder(String(name)) });
  return fromQuery(label, matches, build(builder, placeholders as Placeholders<Values>));
}

/** @param sql names the values like `:owner` */
export function compileSql<Values extends object, Row>(
  label: string,
  matches: Matches<Values, Row>,
  sql: string,
): Statement<Values, Row[]> {
  const names = Array.from(sql.matchAll(/(?<!:):(\w+)/g), ([, name = '']) => name);
  const placeholders = Object.fromEntries(names.map((name) => [name, new Placeholder(name)]));
  return fromQuery(label, matches, builder.raw(sql, placeholders as unknown as Knex.ValueDict));
}

function fromQuery<Values, Row>(
  label: string,
  matches: Matches<Values, Row>,
  query: Knex.QueryBuilder | Knex.Raw,
): Statement<Values, Row[]> {
  const { sql: text, bindings } = query.toSQL().toNative();
  const names = bindings.map((binding) => {
    if (binding instanceof Placeholder) return binding.name as keyof Values;
    throw new TypeError(`A value must not be a part of ${text}`);
  });
  return {
    name: nameOf(label, text),
    label,
    text,
    parametersOf: (values) => names.map((name) => values[name]),
    resultOf: (rows, values) => {
      if ((rows as Row[]).every((row) => matches(row, values))) return rows as Row[];
      throw new MisplacedRow(label);
    },
  };
}

/**
 * A batch whose rows say themselves which values they belong to.
 * @param combine turns values, of which no two have the same key, into those of the statement
 */
export function batchByKey<Values, Combined, Row>(
  statement: Statement<Combined, Row[]>,
  maxSize: number,
  combine: (values: readonly Values[]) => Combined,
  keyOf: (values: Values) => string,
  keyOfRow: (row: Row) => string,
): Batch<Values, Row> {
  const { label } = statement;
  const batch: Statement<readonly Values[], Row[][]> = {
    ...statement,
    parametersOf: (items) => {
      const distinct = new Map(items.map((values) => [keyOf(values), values]));
      return statement.parametersOf(combine([...distinct.values()]));
    },
    resultOf: (rows, items) => {
      const rowsOf = new Map<string, Row[]>(items.map((values) => [keyOf(values), []]));
      for (const row of rows as Row[]) {
        const own = rowsOf.get(keyOfRow(row));
        if (own === undefined) throw new MisplacedRow(label);
        own.push(row);
      }
      return items.map((values) => rowsOf.get(keyOf(values)) as Row[]);
    },
  };
  return { maxSize, of: () => batch };
}

/** A batch of a statement that reads: copies of it, joined by UNION ALL. */
export function batchByUnion<Values, Row extends object>(
  { label, text, parametersOf, resultOf }: Statement<Values, Row[]>,
  maxSize: number,
): Batch<Values, Row> {
  const bySize = new Map<number, Statement<readonly Values[], Row[][]>>();
  const compileFor = (size: number): Statement<readonly Values[], Row[][]> => {
    const count = Math.max(0, ...Array.from(text.matchAll(/\$(\d+)/g), ([, n]) => Number(n)));
    const copyOf = (copy: number) => text.replaceAll(/\$(\d+)/g, (_all, n) => `$${copy * count + Number(n)}`);
    const copies = Array.from({ length: size }, (_, n) => `select ${n} as copy, q.* from (${copyOf(n)}) as q`);
    const union = copies.join(' union all ');
    return {
      name: nameOf(label, union),
      label,
      text: union,
      parametersOf: (items) => items.flatMap(parametersOf),
      resultOf: (rows, items) =>
        items.map((values, n) =>
          resultOf(
            (rows as (Row & { copy: number })[]).filter(({ copy }) => copy === n),
            values,
          ),
        ),
    };
  };
  const of = (size: number) => {
    const statement = bySize.get(size) ?? compileFor(size);
    bySize.set(size, statement);
    return statement;
  };
  return { maxSize, of };
}

/** The hash of the text keeps apart what has the same label. */
const nameOf = (label: string, text: string): string =>
  `${label}_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
