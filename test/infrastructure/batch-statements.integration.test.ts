import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { TaskId, UserId } from '../../src/domain/ids.ts';
import { LaneConnection } from '../../src/infrastructure/postgres/connection/lane-connection.ts';
import { CREATE_TASK, FIND_REVISION, FIND_TASK, REPLACE_TASK } from '../../src/infrastructure/postgres/sql/batch.ts';
import { birthDigestOf, toMutableColumns } from '../../src/infrastructure/postgres/sql/columns.ts';
import type { Birth, Replacement, TaskKey } from '../../src/infrastructure/postgres/sql/single.ts';
import { compileSql, type Query, type Statement } from '../../src/infrastructure/postgres/sql/statement.ts';
import { freshOwner } from '../support/owners.ts';
import { aBirth, at, freshId } from '../support/tasks.ts';
import { openTasks } from '../support/tasks-in-database.ts';

const { tasks, knex, close } = openTasks(inject('databaseUrl'));
let connection: LaneConnection;
beforeAll(async () => {
  const url = inject('databaseUrl');
  // A statement that waits for a lock although it must not fails soon.
  connection = await LaneConnection.open({ url, prepared: true, lockTimeoutMs: 1_000, onSilence: () => {} });
});
afterAll(() => Promise.all([connection.close(), close()]));

interface Key {
  readonly owner: UserId;
  readonly id: TaskId;
}

const freshKey = (owner = freshOwner()): Key => ({ owner, id: freshId() });
const birthOf = (key: TaskKey): Birth => {
  const birth = aBirth(key as Key);
  return { ...toMutableColumns(birth), created_at: birth.createdAt, birth_digest: birthDigestOf(birth), ...key };
};
const changeOf = (key: TaskKey, title: string, expected = 1): Replacement => ({
  ...toMutableColumns(aBirth({ title })),
  ...key,
  expected,
});

/** Executes a query for several users in one statement. */
const inBatch = <Values, Row>({ batch }: Query<Values, Row>, ...items: Values[]): Promise<Row[][]> =>
  connection.send(batch?.of(items.length) as Statement<readonly Values[], Row[][]>, items);
const create = async (...keys: TaskKey[]) => (await inBatch(CREATE_TASK, ...keys.map(birthOf))).flat();
const replace = async (...changes: Replacement[]) => (await inBatch(REPLACE_TASK, ...changes)).flat();
const titleOf = async ({ owner, id }: Key) => (await tasks.find(owner, id))?.title;

/** Runs a transaction that commits while a statement waits for it. */
async function whileHeld<T>(hold: (held: Knex) => PromiseLike<unknown>, send: () => Promise<T>): Promise<T> {
  const { outcome } = await knex.transaction(async (held) => {
    await hold(held);
    const { rows } = await held.raw('select pg_backend_pid() as pid');
    const outcome = send();
    outcome.catch(() => {});
    const blocked = 'select count(*)::int as n from pg_stat_activity where ? = any (pg_blocking_pids(pid))';
    for (let n = 0; n < 1_000; n++) {
      if ((await knex.raw(blocked, [rows[0].pid])).rows[0].n > 0) break;
      await sleep(1);
    }
    return { outcome };
  });
  return outcome;
}

/** Runs `use` while another transaction has locked a row. */
async function whileLocked(table: 'task_lists' | 'tasks', where: object, use: () => Promise<void>): Promise<void> {
  await knex.transaction(async (lock) => {
    await lock(`public.${table}`).where(where).forUpdate().first('revision');
    await use();
  });
}

const counterOf = ({ owner }: Key) => ({ user_id: owner });
const rowOf = ({ owner, id }: Key) => ({ user_id: owner, id });

/** Two users with a task of the same id, and a third user with another one. */
let mine: Key;
let theirs: Key;
let other: Key;
beforeEach(async () => {
  mine = freshKey();
  theirs = { ...freshKey(), id: mine.id };
  other = freshKey();
  for (const { owner } of [mine, theirs, other]) {
    await knex('public.task_lists').insert({ user_id: owner, revision: 0 });
  }
  await create(mine, theirs, other);
});

describe('a batch', () => {
  it('finds tasks for the user who asks only', async () => {
    const rows = await inBatch(FIND_TASK, mine, other, { owner: other.owner, id: mine.id });
    expect(rows).toMatchObject([[rowOf(mine)], [rowOf(other)], []]);
  });

  it('finds the revision of each user', async () => {
    await create(freshKey(other.owner));
    const rows = await inBatch(FIND_REVISION, mine, other, { owner: freshOwner() });
    expect(rows).toEqual([[{ user_id: mine.owner, revision: '1' }], [{ user_id: other.owner, revision: '2' }], []]);
  });

  it('stores every field of new and of changed tasks', async () => {
    const fields = (n: number) => ({
      title: `title ${n}`,
      description: `description ${n}`,
      completed: true,
      completed_at: at(n + 1),
      updated_at: at(n + 2),
      deleted_at: at(n + 3),
    });
    const keys = [mine, theirs].map(({ owner }) => freshKey(owner));
    const births = keys.map((key, n) => ({ ...birthOf(key), ...fields(10 * n), created_at: at(10 * n) }));
    const created = keys.map((key, n) => ({ ...rowOf(key), ...fields(10 * n), created_at: at(10 * n) }));
    expect((await inBatch(CREATE_TASK, ...births)).flat()).toMatchObject(created);
    expect((await inBatch(FIND_TASK, ...keys)).flat()).toMatchObject(created);

    const changes = keys.map((key, n) => ({ ...key, ...fields(100 + 10 * n), expected: 2 }));
    const changed = created.map((row, n) => ({ ...row, ...fields(100 + 10 * n), revision: '3' }));
    expect(await replace(...changes)).toMatchObject(changed);
    expect((await inBatch(FIND_TASK, ...keys)).flat()).toMatchObject(changed);

    // A completed task keeps its time, an open one has none.
    const again = keys.map((key) => ({ ...key, ...fields(200), deleted_at: null, expected: 3 }));
    expect(await replace(...again)).toMatchObject(keys.map(() => ({ completed_at: at(201), deleted_at: null })));
    const open = { ...fields(300), description: null, completed: false, completed_at: null };
    const reopened = keys.map((key) => ({ ...key, ...open, expected: 4 }));
    expect(await replace(...reopened)).toMatchObject(keys.map(() => open));
  });

  it('creates tasks whatever ids the tasks of other users have', async () => {
    expect(await create({ ...other, id: mine.id }, { ...mine, id: other.id })).toMatchObject([
      { birth_digest: null },
      { birth_digest: null },
    ]);
  });

  it('creates a task although the batch replays one with the same id for another user', async () => {
    const fresh = { owner: other.owner, id: mine.id };
    expect(await inBatch(CREATE_TASK, birthOf(mine), birthOf(fresh))).toMatchObject([
      [{ ...rowOf(mine), birth_digest: expect.any(Buffer) }],
      [{ ...rowOf(fresh), birth_digest: null }],
    ]);
  });

  it('changes tasks for the user who asks only', async () => {
    const stranger = { owner: other.owner, id: mine.id };
    expect(await inBatch(REPLACE_TASK, changeOf(mine, 'mine'), changeOf(stranger, 'taken over'))).toMatchObject([
      [rowOf(mine)],
      [],
    ]);
    expect([await titleOf(mine), await titleOf(theirs), await titleOf(stranger)]).toEqual([
      'mine',
      'Buy milk',
      undefined,
    ]);
  });

  it('leaves out changes of another revision, and raises no counter for them', async () => {
    const fresh = freshKey(mine.owner);
    await create(fresh);
    expect(await inBatch(REPLACE_TASK, changeOf(mine, 'late', 7), changeOf(fresh, 'in time', 2))).toMatchObject([
      [],
      [{ revision: '3' }],
    ]);
    expect(await replace(changeOf(mine, 'late', 7))).toEqual([]);
    expect(await tasks.revision(mine.owner)).toBe(3);
  });

  it('gives each task of a user a revision of its own, without gaps', async () => {
    const keys = [...Array.from({ length: 3 }, () => freshKey(other.owner)), freshKey(mine.owner)];
    const created = await create(...keys);
    const revisionsOf = (rows: readonly { readonly user_id: string; readonly revision: string }[]) =>
      rows.filter(({ user_id }) => user_id === other.owner).map(({ revision }) => Number(revision));
    expect(revisionsOf(created).sort()).toEqual([2, 3, 4]);
    const changed = await replace(
      ...created.map(({ user_id, id, revision }) => changeOf({ owner: user_id, id }, 'changed', Number(revision))),
    );
    expect(revisionsOf(changed).sort()).toEqual([5, 6, 7]);
    expect(await tasks.revision(other.owner)).toBe(7);
  });

  it('skips users whose counter is locked', async () => {
    await whileLocked('task_lists', counterOf(mine), async () => {
      expect(await create(freshKey(mine.owner), freshKey(theirs.owner))).toMatchObject([{ user_id: theirs.owner }]);
      expect(await replace(changeOf(mine, 'a'), changeOf(theirs, 'b'))).toMatchObject([{ user_id: theirs.owner }]);
    });
  });

  it('skips tasks that are locked', async () => {
    await whileLocked('tasks', rowOf(mine), async () => {
      expect(await replace(changeOf(mine, 'a'), changeOf(theirs, 'b'))).toMatchObject([{ user_id: theirs.owner }]);
    });
    expect(await titleOf(mine)).toBe('Buy milk');
  });

  it('skips users without a counter', async () => {
    const fresh = freshKey();
    const known = freshKey(mine.owner);
    expect(await inBatch(CREATE_TASK, birthOf(fresh), birthOf(known), birthOf(freshKey(fresh.owner)))).toMatchObject([
      [],
      [rowOf(known)],
      [],
    ]);
    expect(await knex('public.task_lists').where('user_id', fresh.owner)).toEqual([]);
  });
});

describe.each<[string, (query: Query<Birth, unknown>, birth: Birth) => Promise<unknown[]>]>([
  ['alone', ({ statement }, birth) => connection.send(statement, birth)],
  ['in a batch', async (query, birth) => (await inBatch(query, birth)).flat()],
  ['waiting for locks', ({ statement, waiting = statement }, birth) => connection.send(waiting, birth)],
])('a replayed create, %s', (_form, send) => {
  it('returns the task as it is now with the hash of its creation', async () => {
    await replace(changeOf(mine, 'changed'));
    const birth = birthOf(mine);
    expect(await send(CREATE_TASK, birth)).toMatchObject([
      { ...rowOf(mine), title: 'changed', revision: '2', birth_digest: birth.birth_digest },
    ]);
  });

  it('returns the existing task also for another creation under the same id', async () => {
    const birth = { ...birthOf(mine), title: 'another', birth_digest: Buffer.alloc(32, 1) };
    expect(await send(CREATE_TASK, birth)).toMatchObject([
      { title: 'Buy milk', birth_digest: birthOf(mine).birth_digest },
    ]);
    expect(await titleOf(mine)).toBe('Buy milk');
  });

  it('writes nothing, and waits for no lock of its user or its task', async () => {
    const { rows: before } = await knex.raw('select xmin::text, * from public.task_lists where user_id = ?', [
      mine.owner,
    ]);
    await whileLocked('task_lists', counterOf(mine), () =>
      whileLocked('tasks', rowOf(mine), async () => {
        expect(await send(CREATE_TASK, birthOf(mine))).toHaveLength(1);
      }),
    );
    const { rows: after } = await knex.raw('select xmin::text, * from public.task_lists where user_id = ?', [
      mine.owner,
    ]);
    expect(after).toEqual(before);
  });

  it('returns a deleted task', async () => {
    await replace({ ...changeOf(mine, 'Buy milk'), deleted_at: at(5) });
    expect(await send(CREATE_TASK, birthOf(mine))).toMatchObject([{ deleted_at: at(5) }]);
  });
});

describe('a replayed create costs what a read costs:', () => {
  /** Runs a statement in a transaction. @returns whether it took a transaction id, which only a writer needs */
  const hasWritten = (sent: Statement<never, unknown>, values: unknown): Promise<boolean> =>
    knex.transaction(async (transaction) => {
      await transaction.raw(
        sent.text.replaceAll(/\$\d+/g, '?'),
        sent.parametersOf(values as never) as Knex.RawBinding[],
      );
      const { rows } = await transaction.raw('select pg_current_xact_id_if_assigned() is not null as has_written');
      return rows[0].has_written;
    });

  it.each<[string, () => [Statement<never, unknown>, (birth: Birth) => unknown]]>([
    ['alone', () => [CREATE_TASK.statement as never, (birth) => birth]],
    ['in a batch', () => [CREATE_TASK.batch?.of(1) as never, (birth) => [birth]]],
    ['waiting for locks', () => [CREATE_TASK.waiting as never, (birth) => birth]],
  ])('it takes no transaction id, %s', async (_form, statementOf) => {
    const [statement, valuesOf] = statementOf();
    expect(await hasWritten(statement, valuesOf(birthOf(mine)))).toBe(false);
    expect(await hasWritten(statement, valuesOf(birthOf(freshKey(mine.owner))))).toBe(true);
  });
});

describe('a single write that does not wait for locks', () => {
  const createOne = (key: TaskKey) => connection.send(CREATE_TASK.statement, birthOf(key));
  const replaceOne = (change: Replacement) => connection.send(REPLACE_TASK.statement, change);

  it('stores a task with the next revision of its user', async () => {
    const fresh = freshKey(mine.owner);
    expect(await createOne(fresh)).toMatchObject([{ ...rowOf(fresh), revision: '2', birth_digest: null }]);
    expect(await replaceOne(changeOf(mine, 'changed'))).toMatchObject([
      { ...rowOf(mine), title: 'changed', revision: '3' },
    ]);
    expect(await tasks.revision(mine.owner)).toBe(3);
  });

  it('changes nothing for another revision or another user, and raises no counter', async () => {
    expect(await replaceOne(changeOf(mine, 'late', 7))).toEqual([]);
    expect(await replaceOne(changeOf({ ...other, id: mine.id }, 'taken over'))).toEqual([]);
    expect([await tasks.revision(mine.owner), await tasks.revision(other.owner)]).toEqual([1, 1]);
    expect(await titleOf(mine)).toBe('Buy milk');
  });

  it('returns no row while the counter is locked', async () => {
    await whileLocked('task_lists', counterOf(mine), async () => {
      expect(await createOne(freshKey(mine.owner))).toEqual([]);
      expect(await replaceOne(changeOf(mine, 'a'))).toEqual([]);
    });
    expect(await tasks.revision(mine.owner)).toBe(1);
  });

  it('returns no row while the task is locked', async () => {
    await whileLocked('tasks', rowOf(mine), async () => {
      expect(await replaceOne(changeOf(mine, 'a'))).toEqual([]);
    });
    expect([await titleOf(mine), await tasks.revision(mine.owner)]).toEqual(['Buy milk', 1]);
  });

  it('returns no row for a new user, and creates no counter', async () => {
    const fresh = freshKey();
    expect(await createOne(fresh)).toEqual([]);
    expect(await knex('public.task_lists').where('user_id', fresh.owner)).toEqual([]);
  });
});

describe('a write that waits for locks', () => {
  const createOne = (key: TaskKey) =>
    connection.send(CREATE_TASK.waiting as NonNullable<typeof CREATE_TASK.waiting>, birthOf(key));
  const replaceOne = (change: Replacement) =>
    connection.send(REPLACE_TASK.waiting as NonNullable<typeof REPLACE_TASK.waiting>, change);

  it('creates the counter of a new user', async () => {
    const fresh = freshKey();
    expect(await createOne(fresh)).toMatchObject([{ ...rowOf(fresh), revision: '1', birth_digest: null }]);
    expect(await createOne(freshKey(fresh.owner))).toMatchObject([{ revision: '2' }]);
  });

  it.each<[string, () => ['task_lists' | 'tasks', object, () => Promise<unknown>]]>([
    ['a create for the counter', () => ['task_lists', counterOf(mine), () => createOne(freshKey(mine.owner))]],
    ['a change for the counter', () => ['task_lists', counterOf(mine), () => replaceOne(changeOf(mine, 'a'))]],
    ['a change for the task', () => ['tasks', rowOf(mine), () => replaceOne(changeOf(mine, 'a'))]],
  ])('fails after 50 ms, without an effect: %s', async (_what, prepare) => {
    const [table, where, send] = prepare();
    await whileLocked(table, where, async () => {
      const startedAt = performance.now();
      await expect(send()).rejects.toMatchObject({ code: '55P03' });
      expect(performance.now() - startedAt).toBeGreaterThan(45);
      expect(performance.now() - startedAt).toBeLessThan(1_000);
    });
    expect([await titleOf(mine), await tasks.revision(mine.owner)]).toEqual(['Buy milk', 1]);
  });

  it('raises the counter of its user only', async () => {
    expect(await replaceOne(changeOf(mine, 'changed'))).toMatchObject([{ ...rowOf(mine), revision: '2' }]);
    expect([await tasks.revision(mine.owner), await tasks.revision(other.owner)]).toEqual([2, 1]);
  });

  it('leaves the lock timeout of the session as it is', async () => {
    await createOne(freshKey(mine.owner));
    const sql = "select current_setting('lock_timeout') as timeout, :owner::text as owner";
    const [row] = await connection.send(
      compileSql<{ readonly owner: string }, { readonly timeout: string }>('test', () => true, sql),
      mine,
    );
    expect(row?.timeout).not.toBe('50ms');
  });

  it('compares the revision again after it has waited for the task', async () => {
    const changed = await whileHeld(
      (held) => held('public.tasks').where(rowOf(mine)).update({ title: 'first', revision: 99 }),
      () => replaceOne(changeOf(mine, 'second')),
    );
    expect(changed).toEqual([]);
    expect(await titleOf(mine)).toBe('first');
  });

  it.each<[string, (key: Key) => Promise<unknown[]>]>([
    ['waiting for locks', createOne],
    ['in a batch', (key) => create(key)],
  ])('does not overwrite a task that was created meanwhile, %s', async (_form, send) => {
    const key = freshKey(mine.owner);
    const { created_at, birth_digest } = birthOf(key);
    const row = { ...rowOf(key), title: 'first', completed: false, revision: 99 };
    const created = await whileHeld(
      (held) => held('public.tasks').insert({ ...row, created_at, updated_at: created_at, birth_digest }),
      () => send(key),
    );
    expect(created).toEqual([]);
    expect(await titleOf(key)).toBe('first');
  });
});
