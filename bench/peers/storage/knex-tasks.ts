import knex, { type Knex } from 'knex';
import { creationHash, newId } from '../contract/creation.ts';
import { COLUMNS, CREATE, contains, patternOf, replaceStatement, TOGGLE } from '../contract/sql.ts';
import type { Content, Counter, ListQuery, Page, TaskRow, Tasks } from '../contract/tasks.ts';

/** Knex's query builder and pool as in its documentation. Statements that change two tables are raw SQL. */
export class KnexTasks implements Tasks {
  readonly #knex: Knex;

  constructor(connectionString: string, connections: number) {
    this.#knex = knex({
      client: 'pg',
      connection: { connectionString, application_name: 'textbook' },
      pool: { min: 0, max: connections },
    });
  }

  find(user: string, id: string): Promise<TaskRow | undefined> {
    return this.#live(user)
      .where({ id })
      .first(...COLUMNS);
  }

  async list(user: string, { limit, after, text }: ListQuery): Promise<Page> {
    const revision = this.#knex('task_lists').select('revision').where({ user_id: user }).as('list_revision');
    const page = this.#live(user)
      .select(...COLUMNS, revision)
      .orderBy([
        { column: 'created_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(limit + 1);
    if (after !== undefined) page.whereRaw('(created_at, id) < (?, ?)', [after.createdAt, after.id]);
    if (text !== undefined) {
      const pattern = patternOf(text);
      page.where((either) =>
        either.whereRaw(contains('title', '?'), pattern).orWhereRaw(contains('description', '?'), pattern),
      );
    }
    const rows = await page;
    return { rows, revision: Number(rows[0]?.list_revision ?? (await this.counter(user)).revision) };
  }

  async counter(user: string): Promise<Counter> {
    const row = await this.#knex('task_lists').where({ user_id: user }).first('revision', 'purged_revision');
    return { revision: Number(row?.revision ?? 0), purgedRevision: Number(row?.purged_revision ?? 0) };
  }

  changes(user: string, since: number, limit: number): Promise<TaskRow[]> {
    return this.#knex('tasks')
      .select(...COLUMNS)
      .where({ user_id: user })
      .where('revision', '>', since)
      .orderBy('revision')
      .limit(limit);
  }

  async create(user: string, content: Content): Promise<TaskRow> {
    const { title, description, completed } = content;
    const values = [user, newId(), title, description, completed, new Date(), creationHash(content)];
    return (await this.#changed(CREATE, values)) as TaskRow;
  }

  replace(user: string, id: string, content: Content, expected: number | undefined): Promise<TaskRow | undefined> {
    const values = [user, id, new Date(), content.title, content.description, content.completed];
    if (expected === undefined) return this.#changed(replaceStatement(false), values);
    return this.#changed(replaceStatement(true), [...values, expected]);
  }

  toggle(user: string, id: string): Promise<TaskRow | undefined> {
    return this.#changed(TOGGLE, [user, id, new Date()]);
  }

  close(): Promise<void> {
    return this.#knex.destroy();
  }

  #live(user: string): Knex.QueryBuilder {
    return this.#knex('tasks').where({ user_id: user }).whereNull('deleted_at');
  }

  /** Converts `$1` to the named bindings of Knex. */
  async #changed(statement: string, values: readonly Knex.Value[]): Promise<TaskRow | undefined> {
    const bindings = Object.fromEntries(values.map((value, at) => [`p${at + 1}`, value]));
    const { rows } = await this.#knex.raw(statement.replace(/\$(\d)(::)?/g, ':p$1 $2'), bindings);
    return rows[0];
  }
}
