import type { Knex } from 'knex';
import type {
  Added,
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
import { type ChangeRow, changesStatement } from './changes-statement.ts';
import type { Effect, GuardedDatabase } from './guarded-database.ts';
import { type ListRow, listStatement } from './list-statement.ts';
import { birthDigestOf, TASK_COLUMNS, type TaskRow, toMutableColumns, toTask } from './task-row.ts';

const COLUMNS = TASK_COLUMNS.join(', ');
const QUALIFIED_COLUMNS = TASK_COLUMNS.map((column) => `t.${column}`).join(', ');

/**
 * Raises the owner's counter and stores the task in one statement. The counter's row stays locked until the commit, so
 * an owner's revisions become visible in their order. A birth that is there already raises nothing, but in a race.
 */
const INSERT = `
  with head as (
    insert into public.task_lists as l (user_id, revision)
    select :owner, 1 where not exists (select 1 from public.tasks where user_id = :owner and id = :id)
    on conflict (user_id) do update set revision = l.revision + 1
    returning user_id, revision)
  insert into public.tasks (user_id, id, title, description, completed, completed_at, created_at, updated_at, deleted_at,
                     birth_digest, revision)
  select head.user_id, :id, :title, :description, :completed, :completed_at, :created_at, :updated_at, :deleted_at,
         :birth_digest, head.revision
  from head
  on conflict (user_id, id) do nothing
  returning ${COLUMNS}`;

/** The revision is compared twice: first so that a late writer seldom raises the counter in vain, then to decide. */
const UPDATE = `
  with head as (
    update public.task_lists set revision = revision + 1
    where user_id = :owner
      and exists (select 1 from public.tasks where user_id = :owner and id = :id and revision = :expected)
    returning user_id, revision)
  update public.tasks t
  set title = :title, description = :description, completed = :completed, completed_at = :completed_at,
      updated_at = :updated_at, deleted_at = :deleted_at, revision = head.revision
  from head
  where t.user_id = head.user_id and t.user_id = :owner and t.id = :id and t.revision = :expected
  returning ${QUALIFIED_COLUMNS}`;

/** Tasks in PostgreSQL. Each method is one statement, committed by itself. */
export class KnexTaskRepository implements TaskRepository {
  readonly #database: GuardedDatabase;

  constructor(database: GuardedDatabase) {
    this.#database = database;
  }

  async find(owner: UserId, id: TaskId): Promise<Task | undefined> {
    const row = await this.#database.run<TaskRow | undefined>('read', (knex) =>
      knex('public.tasks')
        .first(...TASK_COLUMNS)
        .where({ user_id: owner, id }),
    );
    return row && toTask(row, owner);
  }

  async add(birth: NewTask): Promise<Result<Added, IdTaken>> {
    const { owner, id, createdAt } = birth;
    const birth_digest = birthDigestOf(birth);
    const [row] = await this.#rowsOf('create', INSERT, {
      owner,
      id,
      ...toMutableColumns(birth),
      created_at: createdAt,
      birth_digest,
    });
    if (row !== undefined) return ok({ task: toTask(row, owner), repeated: false });

    // A statement that lost against a concurrent birth cannot see the winner. The next one can.
    const existing = await this.#database.run<(TaskRow & { birth_digest: Buffer }) | undefined>('read', (knex) =>
      knex('public.tasks')
        .first(...TASK_COLUMNS, 'birth_digest')
        .where({ user_id: owner, id }),
    );
    if (existing === undefined) return this.add(birth);
    if (!existing.birth_digest.equals(birth_digest)) return fail({ kind: 'id-taken' });
    return ok({ task: toTask(existing, owner), repeated: true });
  }

  async replace(task: Task, expected: Revision): Promise<Result<Task, Stale>> {
    const { owner, id } = task;
    const [row] = await this.#rowsOf('write', UPDATE, { owner, id, expected, ...toMutableColumns(task) });
    return row === undefined ? fail({ kind: 'stale' }) : ok(toTask(row, owner));
  }

  async list(owner: UserId, query: ListQuery): Promise<Page> {
    const rows = await this.#database.run<ListRow[]>('read', (knex) => listStatement(knex, owner, query));
    const [first] = rows;
    // An owner who never wrote has no counter, and so no row at all; an empty page has one row without a task.
    const tasks = first?.id ? rows.slice(0, query.limit).map((row) => toTask(row as TaskRow, owner)) : [];
    return {
      tasks,
      next: rows.length > query.limit ? tasks.at(-1) : undefined,
      revision: Number(first?.list_revision ?? 0) as Revision,
      total: query.withTotal ? Number(first?.total ?? 0) : undefined,
    };
  }

  async revision(owner: UserId): Promise<Revision> {
    const row = await this.#database.run<{ revision: string } | undefined>('read', (knex) =>
      knex('public.task_lists').first('revision').where('user_id', owner),
    );
    return Number(row?.revision ?? 0) as Revision;
  }

  async changes(owner: UserId, query: ChangesQuery): Promise<Result<ChangePage, ResyncRequired>> {
    const { since, snapshot = 0, limit } = query;
    const rows = await this.#database.run<ChangeRow[]>('read', (knex) => changesStatement(knex, owner, query));
    const [first] = rows;
    const head = Number(first?.list_revision ?? 0) as Revision;
    const purged = Number(first?.purged_revision ?? 0) as Revision;
    if (since !== undefined && (since > head || Math.max(since, snapshot) < purged)) {
      return fail({ kind: 'resync-required' });
    }
    const changes = first?.id ? rows.slice(0, limit).map((row) => toTask(row as TaskRow, owner)) : [];
    const hasMore = rows.length > limit;
    return ok({ changes, revision: hasMore ? (changes.at(-1)?.revision ?? head) : head, hasMore, purged });
  }

  async #rowsOf(effect: Effect, sql: string, bindings: Knex.ValueDict): Promise<TaskRow[]> {
    const { rows } = await this.#database.run<{ rows: TaskRow[] }>(effect, (knex) => knex.raw(sql, bindings));
    return rows;
  }
}
