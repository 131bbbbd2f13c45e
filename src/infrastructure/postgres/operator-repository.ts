import type { Knex } from 'knex';
import type { Erased, TaskErasure, TombstoneCount } from '../../application/ports.ts';
import type { UserId } from '../../domain/ids.ts';
import type { Database } from './database.ts';

/**
 * The counter is locked before the tasks, as by every other write. A tombstone that is restored meanwhile stays; that the
 * purged revision covers it all the same costs some followers a new beginning, and nobody a task.
 */
const PURGE = `
  with doomed as (
    select id, revision from public.tasks
    where user_id = :owner and deleted_at < :deletedBefore order by revision limit :limit),
  head as (
    update public.task_lists
    set revision = revision + 1, purged_revision = greatest(purged_revision, (select max(revision) from doomed))
    where user_id = :owner and exists (select 1 from doomed)
    returning user_id),
  gone as (
    delete from public.tasks t using head, doomed
    where t.user_id = head.user_id and t.user_id = :owner and t.id = doomed.id and t.revision = doomed.revision
    returning t.id)
  select count(*)::integer as tasks from gone`;

/** Followers are sent back to the beginning before the first task is gone. */
const ERASE_TASKS = `
  with head as (
    update public.task_lists set revision = revision + 1, purged_revision = revision + 1
    where user_id = :owner
    returning user_id, revision),
  gone as (
    delete from public.tasks t using head
    where t.user_id = head.user_id and t.user_id = :owner
      and t.id in (select id from public.tasks where user_id = :owner order by id limit :limit)
    returning t.id)
  select (select revision from head) as revision, (select count(*)::integer from gone) as tasks`;

/**
 * A writer may have come in between, whose task this statement does not see if it had to wait for it. But that the counter
 * was raised it does see: the row that a statement waited for is looked at again, the others are not.
 */
const ERASE_LIST = `
  delete from public.task_lists
  where user_id = :owner and revision = :revision and not exists (select 1 from public.tasks where user_id = :owner)
  returning user_id`;

/** Owners are taken in the order of their names, so that a run that was stopped can be told from one that is complete. */
const LEAP = `
  update public.task_lists set revision = revision + :gap, purged_revision = revision + :gap
  where user_id in (select user_id from public.task_lists where user_id > :after order by user_id limit :limit)
  returning user_id`;

/** An operator has more patience than a request. */
const PATIENCE_MS = 10 * 60_000;

/** What operators erase in PostgreSQL. Only `tombstones` and `leap` look at more than one owner. */
export class KnexTaskErasure implements TaskErasure {
  readonly #knex: Knex;
  readonly #database: Database;

  constructor(knex: Knex, database: Database) {
    this.#knex = knex;
    this.#database = database;
  }

  async tombstones(deletedBefore: Date, after: UserId | undefined, limit: number): Promise<readonly TombstoneCount[]> {
    const rows = await this.#patiently<{ user_id: string; tombstones: string }[]>((knex) => {
      const counts = knex('public.tasks')
        .select('user_id')
        .count('* as tombstones')
        .where('deleted_at', '<', deletedBefore)
        .groupBy('user_id')
        .orderBy('user_id')
        .limit(limit);
      return after === undefined ? counts : counts.where('user_id', '>', after);
    });
    return rows.map(({ user_id, tombstones }) => ({ owner: user_id as UserId, tombstones: Number(tombstones) }));
  }

  async purge(owner: UserId, deletedBefore: Date, limit: number): Promise<number> {
    const [{ tasks }] = await this.#rowsOf<[{ tasks: number }]>(PURGE, { owner, deletedBefore, limit });
    return tasks;
  }

  async erase(owner: UserId, limit: number): Promise<Erased> {
    type Head = { readonly revision: string | null; readonly tasks: number };
    const [{ revision, tasks }] = await this.#rowsOf<[Head]>(ERASE_TASKS, { owner, limit });
    if (revision === null) return { tasks, isComplete: true };
    const lists = await this.#rowsOf<{ user_id: string }[]>(ERASE_LIST, { owner, revision });
    return { tasks, isComplete: lists.length > 0 };
  }

  async count(owner: UserId): Promise<number> {
    const [{ tasks }] = await this.#patiently<[{ tasks: string }]>((knex) =>
      knex('public.tasks').where('user_id', owner).count('* as tasks'),
    );
    return Number(tasks);
  }

  async leap(gap: number, after: UserId | undefined, limit: number): Promise<readonly UserId[]> {
    const rows = await this.#rowsOf<{ user_id: UserId }[]>(LEAP, { gap, after: after ?? '', limit });
    return rows.map(({ user_id }) => user_id).sort();
  }

  async #rowsOf<Rows>(sql: string, bindings: Knex.ValueDict): Promise<Rows> {
    const { rows } = await this.#patiently<{ rows: Rows }>((knex) => knex.raw(sql, bindings));
    return rows;
  }

  /** In a transaction, because what is set must not outlive it on a connection that others use. */
  #patiently<T>(statement: (knex: Knex) => Knex.QueryBuilder | Knex.Raw): Promise<T> {
    return this.#database.retry<T>('write', () =>
      this.#knex.transaction(async (transaction) => {
        await transaction.raw('set local statement_timeout = 0');
        return statement(transaction).options({ query_timeout: PATIENCE_MS });
      }),
    );
  }
}
