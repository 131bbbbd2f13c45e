import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { StorageUnavailable, type TaskRepository } from '../../src/application/ports.ts';
import type { UserId } from '../../src/domain/ids.ts';
import type { Task } from '../../src/domain/task.ts';
import { connect } from '../../src/infrastructure/postgres/connection/connect.ts';
import { Database } from '../../src/infrastructure/postgres/database.ts';
import { KnexTaskErasure } from '../../src/infrastructure/postgres/operator-repository.ts';
import type { Scheduler } from '../../src/infrastructure/postgres/scheduling/scheduler.ts';
import type { RetryClass } from '../../src/infrastructure/postgres/sql/statement.ts';
import { describeTaskRepository } from '../contract/task-repository.contract.ts';
import { withOwnDatabase } from '../support/own-database.ts';
import { freshOwner } from '../support/owners.ts';
import { aBirth, freshId } from '../support/tasks.ts';
import { openTasks } from '../support/tasks-in-database.ts';

const WRITERS = 5;
const { tasks, erasure, knex, close } = openTasks(inject('databaseUrl'));
/** As many processes. */
const writers = Array.from({ length: WRITERS }, () => openTasks(inject('databaseUrl'), { maxConnections: 5 }));
const unprepared = openTasks(inject('databaseUrl'), { prepared: false, maxConnections: 5 });
afterAll(() => Promise.all([close, unprepared.close, ...writers.map((writer) => writer.close)].map((end) => end())));

describeTaskRepository('KnexTaskRepository', async () => ({ tasks, erasure }));
describeTaskRepository('KnexTaskRepository without prepared statements', async () => unprepared);

describe('KnexTaskRepository', () => {
  async function given(owner: UserId): Promise<Task> {
    const added = await tasks.add(aBirth({ owner }));
    if (!added.ok) throw new Error('The task was expected to be new');
    return added.value.task;
  }

  /** Starts all writers while the user's counter is locked, so that none of them sees what another one does. */
  async function allAtOnce<T>(owner: UserId, write: (tasks: TaskRepository, n: number) => Promise<T>): Promise<T[]> {
    let writes: Promise<T>[] = [];
    await knex.transaction(async (lock) => {
      await lock('public.task_lists').where('user_id', owner).forUpdate().first('revision');
      writes = writers.map((writer, n) => write(writer.tasks, n));
      const { rows } = await lock.raw('select pg_backend_pid() as pid');
      await waiting(rows[0].pid);
    });
    return Promise.all(writes);
  }

  /** Resolves when a statement waits for a lock of this session. */
  async function waiting(holder: number): Promise<void> {
    const observer = connect(inject('databaseUrl'), { maxConnections: 1, warn: () => {} });
    try {
      for (;;) {
        const { rows } = await observer.raw(
          'select count(*)::int as statements from pg_stat_activity where ? = any (pg_blocking_pids(pid))',
          [holder],
        );
        if (rows[0].statements > 0) return;
        await sleep(5);
      }
    } finally {
      await observer.destroy();
    }
  }

  it('lets one of several writers win that waited for the same lock with the same revision', async () => {
    const task = await given(freshOwner());
    const outcomes = await allAtOnce(task.owner, (tasks, n) =>
      tasks.replace({ ...task, title: `writer ${n}` }, task.revision),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('stores one of several equal creates that waited for the same lock, and returns it to all', async () => {
    const { owner } = await given(freshOwner());
    const birth = aBirth({ owner });
    const outcomes = await allAtOnce(owner, (tasks) => tasks.add(birth));

    const added = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
    expect(added).toHaveLength(WRITERS);
    expect(added.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(new Set(added.map(({ task }) => task.revision)).size).toBe(1);
  });

  it('lets no create of a user wait for the lock of another user', async () => {
    const { owner } = await given(freshOwner());
    await knex.transaction(async (lock) => {
      await lock('public.task_lists').where('user_id', owner).forUpdate().first('revision');
      await given(freshOwner());
    });
  });

  it('serves other users while the writes of a user wait for a lock', async () => {
    const { tasks: busy, close } = openTasks(inject('databaseUrl'));
    const { owner } = await given(freshOwner());
    const stranger = await given(freshOwner());
    const births = Array.from({ length: 20 }, () => aBirth({ owner }));
    let writes: Promise<unknown>[] = [];
    let foundAfter = Number.POSITIVE_INFINITY;
    await knex.transaction(async (lock) => {
      await lock('public.task_lists').where('user_id', owner).forUpdate().first('revision');
      writes = births.map((birth) => busy.add(birth));
      await sleep(100);
      const before = performance.now();
      const search = { deleted: false, orderBy: 'revision', descending: true, limit: 5, withTotal: true } as const;
      expect((await busy.list(stranger.owner, { ...search, text: stranger.title })).total).toBe(1);
      await busy.replace({ ...stranger, title: 'Meanwhile' }, stranger.revision);
      foundAfter = performance.now() - before;
    });
    await Promise.all(writes);
    expect(foundAfter).toBeLessThan(1_500);
    expect(await busy.revision(owner)).toBe(21);
    await close();
  });

  it('serves other users while another transaction creates the counter of a user', async () => {
    const { tasks: batched, close } = openTasks(inject('databaseUrl'));
    const owner = freshOwner();
    const strangers = await Promise.all(Array.from({ length: 8 }, () => given(freshOwner())));
    let waiting: Promise<unknown> = Promise.resolve();
    await knex.transaction(async (lock) => {
      await lock('public.task_lists').insert({ user_id: owner, revision: 1 });
      waiting = batched.add(aBirth({ owner }));
      const before = performance.now();
      const added = await Promise.all(strangers.map((task) => batched.add(aBirth({ owner: task.owner }))));
      expect(added.every(({ ok }) => ok)).toBe(true);
      expect(performance.now() - before).toBeLessThan(1_500);
    });
    expect(await waiting).toMatchObject({ ok: true, value: { task: { revision: 2 } } });
    await close();
  });

  it('does not erase the counter under a task that is created meanwhile', async () => {
    const { owner } = await given(freshOwner());
    const born = aBirth({ owner });

    /** Creates a task in another transaction while the second statement runs. */
    class Interrupted extends Database {
      #statements = 0;

      override async retry<T>(retryClass: RetryClass, work: () => PromiseLike<T>): Promise<T> {
        if (++this.#statements !== 2) return super.retry(retryClass, work);
        return knex
          .transaction(async (held) => {
            await held('public.task_lists').where('user_id', owner).increment('revision');
            await held('public.tasks').insert({
              user_id: owner,
              id: born.id,
              title: born.title,
              completed: false,
              created_at: born.createdAt,
              updated_at: born.updatedAt,
              revision: 3,
              birth_digest: Buffer.alloc(32),
            });
            const { rows } = await held.raw('select pg_backend_pid() as pid');
            const interrupted = super.retry<T>(retryClass, work);
            await waiting(rows[0].pid);
            return { interrupted };
          })
          .then(({ interrupted }) => interrupted);
      }
    }
    const erased = await new KnexTaskErasure(knex, new Interrupted(writers[0]?.scheduler as Scheduler)).erase(
      owner,
      100,
    );

    expect(erased).toEqual({ tasks: 1, isComplete: false });
    expect(await tasks.revision(owner)).toBe(3);
    expect(await tasks.find(owner, born.id)).toMatchObject({ revision: 3 });
  });

  it('throws StorageUnavailable when the database cannot be reached', async () => {
    const { tasks: unreachable, close } = openTasks('postgres://nobody:secret@127.0.0.1:1/nothing');
    await expect(unreachable.find(freshOwner(), freshId())).rejects.toThrow(StorageUnavailable);
    await expect(unreachable.add(aBirth())).rejects.toThrow(StorageUnavailable);
    await close();
  });

  it('recovers after its connections were cut', () =>
    withOwnDatabase(async (url) => {
      const { tasks: cut, close } = openTasks(url);
      const birth = aBirth();
      await Promise.all([cut.add(birth), cut.add(aBirth()), cut.add(aBirth())]);
      await knex.raw('select pg_terminate_backend(pid) from pg_stat_activity where datname = ?', [
        new URL(url).pathname.slice(1),
      ]);

      const results = await Promise.allSettled(Array.from({ length: 20 }, () => cut.find(birth.owner, birth.id)));
      const lost = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
      expect(lost.every((reason) => reason instanceof StorageUnavailable)).toBe(true);
      expect(await cut.find(birth.owner, birth.id)).toBeDefined();
      await close();
    }));
});
