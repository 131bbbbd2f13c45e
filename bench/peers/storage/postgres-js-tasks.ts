import postgres from 'postgres';
import { creationHash, newId } from '../contract/creation.ts';
import { COLUMNS, contains, patternOf } from '../contract/sql.ts';
import type { Content, Counter, ListQuery, Page, TaskRow, Tasks } from '../contract/tasks.ts';

type Counted = TaskRow & { readonly list_revision: string };

/** postgres.js: tagged templates, automatic prepared statements, and a pool that pipelines. */
export class PostgresJsTasks implements Tasks {
  readonly #sql: postgres.Sql;

  constructor(url: string, connections: number) {
    this.#sql = postgres(url, { max: connections, connection: { application_name: 'postgres-js' } });
  }

  async find(user: string, id: string): Promise<TaskRow | undefined> {
    const sql = this.#sql;
    const [row] = await sql<TaskRow[]>`
      select ${sql(COLUMNS)} from tasks where user_id = ${user} and id = ${id} and deleted_at is null`;
    return row;
  }

  async list(user: string, { limit, after, text }: ListQuery): Promise<Page> {
    const sql = this.#sql;
    const rows = await sql<Counted[]>`
      select ${sql(COLUMNS)}, (select revision from task_lists where user_id = ${user}) as list_revision
      from tasks
      where user_id = ${user} and deleted_at is null
      ${after === undefined ? sql`` : sql`and (created_at, id) < (${after.createdAt}, ${after.id})`}
      ${text === undefined ? sql`` : this.#matching(patternOf(text))}
      order by created_at desc, id desc
      limit ${limit + 1}`;
    return { rows, revision: Number(rows[0]?.list_revision ?? (await this.counter(user)).revision) };
  }

  async counter(user: string): Promise<Counter> {
    const [row] = await this.#sql`select revision, purged_revision from task_lists where user_id = ${user}`;
    return { revision: Number(row?.['revision'] ?? 0), purgedRevision: Number(row?.['purged_revision'] ?? 0) };
  }

  async changes(user: string, since: number, limit: number): Promise<TaskRow[]> {
    const sql = this.#sql;
    return await sql<TaskRow[]>`
      select ${sql(COLUMNS)} from tasks where user_id = ${user} and revision > ${since}
      order by revision limit ${limit}`;
  }

  async create(user: string, content: Content): Promise<TaskRow> {
    const sql = this.#sql;
    const { title, description, completed } = content;
    const now = new Date();
    const [row] = await sql<TaskRow[]>`
      with head as (
        insert into task_lists as l (user_id, revision) values (${user}, 1)
        on conflict (user_id) do update set revision = l.revision + 1
        returning user_id, revision)
      insert into tasks (user_id, id, title, description, completed, completed_at, created_at, updated_at, birth_digest, revision)
      select user_id, ${newId()}::uuid, ${title}, ${description}, ${completed}::boolean, ${completed ? now : null}::timestamptz,
             ${now}::timestamptz, ${now}::timestamptz, ${creationHash(content)}::bytea, revision
      from head
      returning ${sql(COLUMNS)}`;
    return row as TaskRow;
  }

  replace(user: string, id: string, content: Content, expected: number | undefined): Promise<TaskRow | undefined> {
    const sql = this.#sql;
    const { title, description, completed } = content;
    const completedAt = completed ? sql`coalesce(t.completed_at, ${new Date()}::timestamptz)` : sql`null`;
    return this.#change(
      sql`title = ${title}, description = ${description}, completed = ${completed}, completed_at = ${completedAt}`,
      sql`t.user_id = ${user} and t.id = ${id} and t.deleted_at is null
          ${expected === undefined ? sql`` : sql`and t.revision = ${expected}`}`,
      user,
    );
  }

  toggle(user: string, id: string): Promise<TaskRow | undefined> {
    const sql = this.#sql;
    return this.#change(
      sql`completed = not t.completed,
          completed_at = case when t.completed then null else ${new Date()}::timestamptz end`,
      sql`t.user_id = ${user} and t.id = ${id} and t.deleted_at is null`,
      user,
    );
  }

  close(): Promise<void> {
    return this.#sql.end();
  }

  #matching(pattern: string): postgres.Fragment {
    const sql = this.#sql;
    // The condition is SQL text, not a value, so it is split around the parameter.
    const matches = (column: string) => {
      const [before = '', after = ''] = contains(column, '?').split('?');
      return sql`${sql.unsafe(before)}${pattern}${sql.unsafe(after)}`;
    };
    return sql`and (${matches('title')} or ${matches('description')})`;
  }

  async #change(assignments: postgres.Fragment, found: postgres.Fragment, user: string): Promise<TaskRow | undefined> {
    const sql = this.#sql;
    const [row] = await sql<TaskRow[]>`
      with head as (
        update task_lists set revision = revision + 1
        where user_id = ${user} and exists (select 1 from tasks t where ${found})
        returning revision)
      update tasks t set ${assignments}, updated_at = ${new Date()}, revision = head.revision
      from head where ${found}
      returning ${sql.unsafe(COLUMNS.map((column) => `t.${column}`).join(', '))}`;
    return row;
  }
}
