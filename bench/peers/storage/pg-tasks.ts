import pg from 'pg';
import { creationHash, newId } from '../contract/creation.ts';
import { CHANGES, COUNTER, CREATE, FIND, listStatement, patternOf, replaceStatement, TOGGLE } from '../contract/sql.ts';
import type { Content, Counter, ListQuery, Page, TaskRow, Tasks } from '../contract/tasks.ts';

const REPLACE = replaceStatement(false);
const REPLACE_GUARDED = replaceStatement(true);

/** `pg.Pool` with named statements, which each connection prepares once. */
export class PgTasks implements Tasks {
  readonly #pool: pg.Pool;

  constructor(connectionString: string, connections: number) {
    this.#pool = new pg.Pool({ connectionString, max: connections, application_name: 'node-http' });
  }

  find(user: string, id: string): Promise<TaskRow | undefined> {
    return this.#first('find', FIND, [user, id]);
  }

  async list(user: string, { limit, after, text }: ListQuery): Promise<Page> {
    const values: unknown[] = [user, limit + 1];
    if (after !== undefined) values.push(after.createdAt, after.id);
    if (text !== undefined) values.push(patternOf(text));
    const name = `list${after === undefined ? '' : '-after'}${text === undefined ? '' : '-search'}`;
    const { rows } = await this.#pool.query<TaskRow & { list_revision: string }>({
      name,
      text: listStatement(after !== undefined, text !== undefined),
      values,
    });
    return { rows, revision: Number(rows[0]?.list_revision ?? (await this.counter(user)).revision) };
  }

  async counter(user: string): Promise<Counter> {
    const row = await this.#first<{ revision: string; purged_revision: string }>('counter', COUNTER, [user]);
    return { revision: Number(row?.revision ?? 0), purgedRevision: Number(row?.purged_revision ?? 0) };
  }

  async changes(user: string, since: number, limit: number): Promise<TaskRow[]> {
    const values = [user, since, limit];
    return (await this.#pool.query<TaskRow>({ name: 'changes', text: CHANGES, values })).rows;
  }

  async create(user: string, content: Content): Promise<TaskRow> {
    const { title, description, completed } = content;
    const values = [user, newId(), title, description, completed, new Date(), creationHash(content)];
    return (await this.#first<TaskRow>('create', CREATE, values)) as TaskRow;
  }

  replace(user: string, id: string, content: Content, expected: number | undefined): Promise<TaskRow | undefined> {
    const values = [user, id, new Date(), content.title, content.description, content.completed];
    if (expected === undefined) return this.#first('replace', REPLACE, values);
    return this.#first('replace-guarded', REPLACE_GUARDED, [...values, expected]);
  }

  toggle(user: string, id: string): Promise<TaskRow | undefined> {
    return this.#first('toggle', TOGGLE, [user, id, new Date()]);
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  async #first<Row extends object = TaskRow>(name: string, text: string, values: unknown[]): Promise<Row | undefined> {
    const { rows } = await this.#pool.query<Row>({ name, text, values });
    return rows[0];
  }
}
