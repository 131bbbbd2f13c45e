import type { Knex } from 'knex';
import { canExceedPageBytes } from '../../../application/page-bytes.ts';
import type { ListQuery } from '../../../application/ports.ts';
import type { UserId } from '../../../domain/ids.ts';
import { TASK_COLUMNS } from './columns.ts';
import { boundedPageOf, isOf, pageOf, pageQuery, type TaskPage } from './page.ts';
import { compile, type Query } from './statement.ts';

export interface ListRow {
  readonly user_id: string;
  readonly revision: string;
  /** `null` where the page is empty. */
  readonly tasks: TaskPage | null;
  readonly total?: string;
}

/** The parts of a query that change the SQL. Everything else is a value. */
type Shape = Pick<ListQuery, 'deleted' | 'orderBy' | 'descending' | 'withTotal'> &
  Record<'hasText' | 'hasStatus' | 'isBounded' | 'hasAfter', boolean>;

interface ListValues {
  readonly owner: UserId;
  /** One more than the page holds: the extra row shows that another page follows. */
  readonly rows: number;
  readonly completed: boolean | undefined;
  readonly pattern: string | undefined;
  readonly revision: number | undefined;
  readonly createdAt: Date | undefined;
  readonly id: string | undefined;
}

type Placeholders = Readonly<Record<keyof ListValues, Knex.Value>>;

const compiled = new Map<string, Query<ListValues, ListRow>>();

/** A query for each shape of a list, of which there are some dozens. */
export function listQuery(query: ListQuery): Query<ListValues, ListRow> {
  const { deleted, orderBy, descending, withTotal } = query;
  const shape: Shape = {
    deleted,
    orderBy,
    descending,
    withTotal,
    hasText: query.text !== undefined,
    hasStatus: query.completed !== undefined,
    isBounded: canExceedPageBytes(query.limit),
    hasAfter: query.after !== undefined,
  };
  const key = Object.values(shape).join();
  const known = compiled.get(key) ?? compileShape(shape);
  compiled.set(key, known);
  return known;
}

function compileShape(shape: Shape): Query<ListValues, ListRow> {
  const statement = compile<ListValues, ListRow>('list_tasks', isOfList, (knex, value) => build(knex, shape, value));
  const followsIndex = !(shape.deleted || shape.withTotal || shape.hasText || shape.hasStatus);
  return followsIndex ? pageQuery(statement, shape.isBounded) : { lane: 'scan', retry: 'read', statement };
}

export const toListValues = (owner: UserId, { limit, completed, text, after }: ListQuery): ListValues => ({
  owner,
  rows: limit + 1,
  completed,
  pattern: text === undefined ? undefined : `%${text.replace(/[\\%_]/g, '\\$&')}%`,
  revision: after?.revision,
  createdAt: after?.createdAt,
  id: after?.id,
});

const isOfList = ({ user_id, tasks }: ListRow, { owner }: ListValues): boolean =>
  user_id === owner && isOf(owner, tasks);

/** The page, the total and the owner's revision come from one statement, and so from one moment. */
function build(knex: Knex, shape: Shape, value: Placeholders): Knex.QueryBuilder {
  const columns = shape.orderBy === 'revision' ? ['revision'] : ['created_at', 'id'];
  const order = shape.descending ? 'desc' : 'asc';

  const page = matchingTasks(knex, shape, value)
    .select(...TASK_COLUMNS)
    .orderBy(columns.map((column) => ({ column, order })));
  if (shape.hasAfter) {
    const position = shape.orderBy === 'revision' ? [value.revision] : [value.createdAt, value.id];
    page.whereRaw(`(${columns}) ${shape.descending ? '<' : '>'} (${position.map(() => '?')})`, position);
  }

  const toPage = shape.isBounded ? boundedPageOf : pageOf;
  const statement = knex('public.task_lists')
    .select('user_id', 'revision', toPage(knex, page, value.rows))
    .where('user_id', value.owner);
  if (shape.withTotal) statement.select(matchingTasks(knex, shape, value).count().as('total'));
  return statement;
}

function matchingTasks(knex: Knex, { deleted, hasStatus, hasText }: Shape, value: Placeholders): Knex.QueryBuilder {
  const tasks = knex('public.tasks').where('user_id', value.owner);
  if (deleted) tasks.whereNotNull('deleted_at');
  else tasks.whereNull('deleted_at');
  if (hasStatus) tasks.where({ completed: value.completed });
  if (hasText) {
    tasks.where((either) =>
      either.whereRaw(containsText('title'), value.pattern).orWhereRaw(containsText('description'), value.pattern),
    );
  }
  return tasks;
}

const containsText = (column: string): string => `${folded(column)} like ${folded('?')}`;

/**
 * The collation is named so that letters beyond ASCII fold too, whatever the locale of the database. Upper case at last,
 * because lower case tells a sigma at the end of a word from the others; lower case before, which brings signs such as that
 * of Kelvin together with their letters.
 */
const folded = (text: string): string => `upper(lower(${text} collate "und-x-icu"))`;
