import type {
  Added,
  CallOptions,
  ChangePage,
  ChangesQuery,
  ListQuery,
  Page,
  Stale,
  TaskRepository,
} from '../../application/ports.ts';
import type { IdTaken, ResyncRequired } from '../../domain/failures.ts';
import type { Revision, TaskId, UserId } from '../../domain/ids.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { NewTask, Task } from '../../domain/task.ts';
import type { Database } from './database.ts';
import { CREATE_TASK, FIND_REVISION, FIND_TASK, REPLACE_TASK } from './sql/batch.ts';
import { changesQuery } from './sql/changes.ts';
import { birthDigestOf, toMutableColumns, toTask } from './sql/columns.ts';
import { listQuery, toListValues } from './sql/list.ts';
import { readPage } from './sql/page.ts';

/** Tasks in PostgreSQL. Each method is one statement, committed by itself. */
export class KnexTaskRepository implements TaskRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(owner: UserId, id: TaskId, options?: CallOptions): Promise<Task | undefined> {
    const [row] = await this.#database.query(FIND_TASK, { owner, id }, options);
    return row && toTask(row, owner);
  }

  async add(birth: NewTask, options?: CallOptions): Promise<Result<Added, IdTaken>> {
    const { owner, id, createdAt: created_at } = birth;
    const birth_digest = birthDigestOf(birth);
    const values = { owner, id, ...toMutableColumns(birth), created_at, birth_digest };
    const [row] = await this.#database.query(CREATE_TASK, values, options);
    // A statement that lost against a concurrent creation cannot see the winner. The next one can.
    if (row === undefined) return this.add(birth, options);
    const repeated = row.birth_digest !== null;
    if (repeated && !row.birth_digest.equals(birth_digest)) return fail({ kind: 'id-taken' });
    return ok({ task: toTask(row, owner), repeated });
  }

  async replace(task: Task, expected: Revision, options?: CallOptions): Promise<Result<Task, Stale>> {
    const { owner, id } = task;
    const values = { owner, id, expected, ...toMutableColumns(task) };
    const [row] = await this.#database.query(REPLACE_TASK, values, options);
    return row === undefined ? fail({ kind: 'stale' }) : ok(toTask(row, owner));
  }

  async list(owner: UserId, query: ListQuery, options?: CallOptions): Promise<Page> {
    const [row] = await this.#database.query(listQuery(query), toListValues(owner, query), options);
    // A user who never wrote has no counter, and so no row at all.
    const { tasks, hasMore } = readPage(row?.tasks ?? null, owner, query.limit);
    return {
      tasks,
      next: hasMore ? tasks.at(-1) : undefined,
      revision: Number(row?.revision ?? 0) as Revision,
      total: query.withTotal ? Number(row?.total ?? 0) : undefined,
    };
  }

  async revision(owner: UserId, options?: CallOptions): Promise<Revision> {
    const [row] = await this.#database.query(FIND_REVISION, { owner }, options);
    return Number(row?.revision ?? 0) as Revision;
  }

  async changes(
    owner: UserId,
    query: ChangesQuery,
    options?: CallOptions,
  ): Promise<Result<ChangePage, ResyncRequired>> {
    const { since, snapshot = 0, onlyLive = since === undefined, limit } = query;
    const values = { owner, since: since ?? 0, rows: limit + 1 };
    const [row] = await this.#database.query(changesQuery(onlyLive, limit), values, options);
    const head = Number(row?.revision ?? 0) as Revision;
    const purged = Number(row?.purged_revision ?? 0) as Revision;
    if (since !== undefined && (since > head || Math.max(since, snapshot) < purged)) {
      return fail({ kind: 'resync-required' });
    }
    const { tasks: changes, hasMore } = readPage(row?.tasks ?? null, owner, limit);
    return ok({ changes, revision: hasMore ? (changes.at(-1)?.revision ?? head) : head, hasMore, purged });
  }
}
