import type { Knex } from 'knex';
import type { TaskErasure, TombstoneCount } from '../../application/ports.ts';
import type { UserId } from '../../domain/ids.ts';
import type { GuardedDatabase } from './guarded-database.ts';

/**
 * The counter is locked before the tasks, as by every other write. A tombstone that is restored meanwhile stays; that the
 * purged revision covers it all the same costs some followers a new beginning, and nobody a task.
 */
const PURGE = `
  with doomed as (
    select id, revision from public.tasks where user_id = :owner and deleted_at < :deletedBefore order by revision limit :limit),
  head as (
    update public.task_lists
    set purged_revision = greatest(purged_revision, (select max(revision) from doomed))
    where user_id = :owner and exists (select 1 from doomed)
    returning user_id)
  delete from public.tasks t using head, doomed
  where t.user_id = head.user_id and t.user_id = :owner and t.id = doomed.id and t.revision = doomed.revision`;

/** Followers are sent back to the beginning before the first task is gone. */
const ERASE_TASKS = `
  with head as (
    update public.task_lists set purged_revision = revision where user_id = :owner returning user_id)
  delete from public.tasks t using head
  where t.user_id = head.user_id and t.user_id = :owner
    and t.id in (select id from public.tasks where user_id = :owner order by id limit :limit)`;

const ERASE_LIST = `
  delete from public.task_lists
  where user_id = :owner and not exists (select 1 from public.tasks where user_id = :owner)`;

/** What operators erase in PostgreSQL. Only `tombstones` looks at more than one owner. */
export class KnexTaskErasure implements TaskErasure {
  readonly #database: GuardedDatabase;

  constructor(database: GuardedDatabase) {
    this.#database = database;
  }

  async tombstones(deletedBefore: Date, after: UserId | undefined, limit: number): Promise<readonly TombstoneCount[]> {
    const rows = await this.#database.run<{ user_id: string; tombstones: string }[]>('read', (knex) => {
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

  purge(owner: UserId, deletedBefore: Date, limit: number): Promise<number> {
    return this.#rowsOf(PURGE, { owner, deletedBefore, limit });
  }

  async erase(owner: UserId, limit: number): Promise<number> {
    const erased = await this.#rowsOf(ERASE_TASKS, { owner, limit });
    await this.#rowsOf(ERASE_LIST, { owner });
    return erased;
  }

  async count(owner: UserId): Promise<number> {
    const [row] = await this.#database.run<{ tasks: string }[]>('read', (knex) =>
      knex('public.tasks').where('user_id', owner).count('* as tasks'),
    );
    return Number(row?.tasks ?? 0);
  }

  async #rowsOf(sql: string, bindings: Knex.ValueDict): Promise<number> {
    const { rowCount } = await this.#database.run<{ rowCount: number }>('write', (knex) => knex.raw(sql, bindings));
    return rowCount;
  }
}
