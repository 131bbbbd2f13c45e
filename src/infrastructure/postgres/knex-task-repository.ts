import {
  type Added,
  assertNotAborted,
  type CallOptions,
  type ChangePage,
  type ChangesQuery,
  type ListQuery,
  type Page,
  type Stale,
  type TaskRepository,
} from '../../application/ports.ts';
import type { IdTaken, ResyncRequired } from '../../domain/failures.ts';
import type { Revision, TaskId, UserId } from '../../domain/ids.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { NewTask, Task } from '../../domain/task.ts';
import { changesStatement } from './changes-statement.ts';
import type { GuardedDatabase } from './guarded-database.ts';
import { listStatement, toListValues } from './list-statement.ts';
import type { Senders } from './senders.ts';
import { readPage } from './task-page.ts';
import { birthDigestOf, toMutableColumns, toTask } from './task-row.ts';
import type { TaskRows } from './task-rows.ts';
import { FIND_BIRTH, HEAD } from './task-statements.ts';

/** Tasks in PostgreSQL. Each method is one statement, committed by itself. */
export class KnexTaskRepository implements TaskRepository {
  readonly #database: GuardedDatabase;
  readonly #senders: Senders;
  readonly #rows: TaskRows;

  constructor(database: GuardedDatabase, senders: Senders, rows: TaskRows) {
    this.#database = database;
    this.#senders = senders;
    this.#rows = rows;
  }

  async find(owner: UserId, id: TaskId, options?: CallOptions): Promise<Task | undefined> {
    assertNotAborted(options);
    const row = await this.#database.run('read', () => this.#rows.find({ owner, id }));
    return row && toTask(row, owner);
  }

  async add(birth: NewTask, options?: CallOptions): Promise<Result<Added, IdTaken>> {
    assertNotAborted(options);
    const { owner, id, createdAt: created_at } = birth;
    const birth_digest = birthDigestOf(birth);
    const columns = { owner, id, ...toMutableColumns(birth), created_at, birth_digest };
    const row = await this.#database.run('create', () => this.#rows.insert(columns));
    if (row !== undefined) return ok({ task: toTask(row, owner), repeated: false });

    // A statement that lost against a concurrent birth cannot see the winner. The next one can.
    const [existing] = await this.#database.run('read', () => this.#senders.reads.send(FIND_BIRTH, columns));
    if (existing === undefined) return this.add(birth, options);
    if (!existing.birth_digest.equals(birth_digest)) return fail({ kind: 'id-taken' });
    return ok({ task: toTask(existing, owner), repeated: true });
  }

  async replace(task: Task, expected: Revision, options?: CallOptions): Promise<Result<Task, Stale>> {
    assertNotAborted(options);
    const { owner, id } = task;
    const columns = { owner, id, expected, ...toMutableColumns(task) };
    const row = await this.#database.run('write', () => this.#rows.update(columns));
    return row === undefined ? fail({ kind: 'stale' }) : ok(toTask(row, owner));
  }

  async list(owner: UserId, query: ListQuery, options?: CallOptions): Promise<Page> {
    assertNotAborted(options);
    const { reads, searches } = this.#senders;
    // The others follow an index, and are over at once.
    const isSearch = query.deleted || query.withTotal || query.text !== undefined || query.completed !== undefined;
    const statement = listStatement(query);
    const values = toListValues(owner, query);
    const [row] = await this.#database.run('read', () => (isSearch ? searches : reads).send(statement, values));
    // An owner who never wrote has no counter, and so no row at all.
    const { tasks, hasMore } = readPage(row?.tasks ?? null, owner, query.limit);
    return {
      tasks,
      next: hasMore ? tasks.at(-1) : undefined,
      revision: Number(row?.revision ?? 0) as Revision,
      total: query.withTotal ? Number(row?.total ?? 0) : undefined,
    };
  }

  async revision(owner: UserId, options?: CallOptions): Promise<Revision> {
    assertNotAborted(options);
    const [row] = await this.#database.run('read', () => this.#senders.reads.send(HEAD, { owner }));
    return Number(row?.revision ?? 0) as Revision;
  }

  async changes(
    owner: UserId,
    query: ChangesQuery,
    options?: CallOptions,
  ): Promise<Result<ChangePage, ResyncRequired>> {
    assertNotAborted(options);
    const { since, snapshot = 0, onlyLive = since === undefined, limit } = query;
    const statement = changesStatement(onlyLive, limit);
    const values = { owner, since: since ?? 0, rows: limit + 1 };
    const [row] = await this.#database.run('read', () => this.#senders.reads.send(statement, values));
    const head = Number(row?.revision ?? 0) as Revision;
    const purged = Number(row?.purged_revision ?? 0) as Revision;
    if (since !== undefined && (since > head || Math.max(since, snapshot) < purged)) {
      return fail({ kind: 'resync-required' });
    }
    const { tasks: changes, hasMore } = readPage(row?.tasks ?? null, owner, limit);
    return ok({ changes, revision: hasMore ? (changes.at(-1)?.revision ?? head) : head, hasMore, purged });
  }
}
