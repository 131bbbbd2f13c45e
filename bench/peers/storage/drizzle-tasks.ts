import { and, desc, eq, getTableColumns, gt, isNull, or, type SQL, sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { bigint as bigintOf, boolean, customType, pgTable, text as textOf, timestamp, uuid } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { creationHash, newId } from '../contract/creation.ts';
import { contains, patternOf } from '../contract/sql.ts';
import type { Content, Counter, ListQuery, Page, TaskRow, Tasks } from '../contract/tasks.ts';

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
const time = { withTimezone: true, precision: 3 } as const;
const number = { mode: 'number' } as const;

const lists = pgTable('task_lists', {
  user_id: textOf().primaryKey(),
  revision: bigintOf(number).notNull(),
  purged_revision: bigintOf(number).notNull().default(0),
});

const table = pgTable('tasks', {
  user_id: textOf().notNull(),
  id: uuid().notNull(),
  title: textOf().notNull(),
  description: textOf(),
  completed: boolean().notNull(),
  completed_at: timestamp(time),
  created_at: timestamp(time).notNull(),
  updated_at: timestamp(time).notNull(),
  deleted_at: timestamp(time),
  revision: bigintOf(number).notNull(),
  birth_digest: bytea().notNull(),
});

const { birth_digest: _digest, deleted_at: _deleted, ...columns } = getTableColumns(table);

const matches = (column: string, pattern: string): SQL => {
  const [before = '', after = ''] = contains(column, '?').split('?');
  return sql`${sql.raw(before)}${pattern}${sql.raw(after)}`;
};

/** Drizzle's query builder on `pg.Pool`. A change of two tables is one statement. */
export class DrizzleTasks implements Tasks {
  readonly #pool: pg.Pool;
  readonly #db: NodePgDatabase;

  constructor(connectionString: string, connections: number) {
    this.#pool = new pg.Pool({ connectionString, max: connections, application_name: 'express' });
    this.#db = drizzle(this.#pool);
  }

  async find(user: string, id: string): Promise<TaskRow | undefined> {
    const [row] = await this.#db.select(columns).from(table).where(live(user, id));
    return row;
  }

  async list(user: string, { limit, after, text }: ListQuery): Promise<Page> {
    const list_revision = sql<string>`(select revision from task_lists where user_id = ${user})`;
    const pattern = text === undefined ? undefined : patternOf(text);
    const rows = await this.#db
      .select({ ...columns, list_revision })
      .from(table)
      .where(
        and(
          eq(table.user_id, user),
          isNull(table.deleted_at),
          after && sql`(created_at, id) < (${after.createdAt.toISOString()}, ${after.id})`,
          pattern === undefined ? undefined : or(matches('title', pattern), matches('description', pattern)),
        ),
      )
      .orderBy(desc(table.created_at), desc(table.id))
      .limit(limit + 1);
    return { rows, revision: Number(rows[0]?.list_revision ?? (await this.counter(user)).revision) };
  }

  async counter(user: string): Promise<Counter> {
    const [row] = await this.#db.select().from(lists).where(eq(lists.user_id, user));
    return { revision: row?.revision ?? 0, purgedRevision: row?.purged_revision ?? 0 };
  }

  changes(user: string, since: number, limit: number): Promise<TaskRow[]> {
    const newer = and(eq(table.user_id, user), gt(table.revision, since));
    return this.#db.select(columns).from(table).where(newer).orderBy(table.revision).limit(limit);
  }

  async create(user: string, content: Content): Promise<TaskRow> {
    const now = new Date();
    const raised = this.#db
      .insert(lists)
      .values({ user_id: user, revision: 1 })
      .onConflictDoUpdate({ target: lists.user_id, set: { revision: sql`${lists.revision} + 1` } })
      .returning({ revision: lists.revision });
    const head = this.#db.$with('head').as(raised);
    const [row] = await this.#db
      .with(head)
      .insert(table)
      .values({
        user_id: user,
        id: newId(),
        ...content,
        completed_at: content.completed ? now : null,
        created_at: now,
        updated_at: now,
        revision: sql`(select revision from ${head})`,
        birth_digest: creationHash(content),
      })
      .returning(columns);
    return row as TaskRow;
  }

  replace(user: string, id: string, content: Content, expected: number | undefined): Promise<TaskRow | undefined> {
    const kept = sql`coalesce(${table.completed_at}, ${new Date().toISOString()}::timestamptz)`;
    const found = and(live(user, id), expected === undefined ? undefined : eq(table.revision, expected));
    return this.#change(user, found, { ...content, completed_at: content.completed ? kept : null });
  }

  toggle(user: string, id: string): Promise<TaskRow | undefined> {
    const now = sql`${new Date().toISOString()}::timestamptz`;
    return this.#change(user, live(user, id), {
      completed: sql`not ${table.completed}`,
      completed_at: sql`case when ${table.completed} then null else ${now} end`,
    });
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  async #change(user: string, found: SQL | undefined, set: object): Promise<TaskRow | undefined> {
    const there = sql`exists (select 1 from ${table} where ${found})`;
    const raised = this.#db
      .update(lists)
      .set({ revision: sql`${lists.revision} + 1` })
      .where(and(eq(lists.user_id, user), there))
      .returning({ revision: lists.revision });
    const head = this.#db.$with('head').as(raised);
    const [row] = await this.#db
      .with(head)
      .update(table)
      .set({ ...set, updated_at: new Date(), revision: sql`${head.revision}` })
      .from(head)
      .where(found)
      .returning(columns);
    return row;
  }
}

const live = (user: string, id: string) => and(eq(table.user_id, user), eq(table.id, id), isNull(table.deleted_at));
