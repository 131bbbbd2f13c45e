import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { afterAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { connect } from '../../src/infrastructure/postgres/connection/connect.ts';
import { pooledSenders } from '../../src/infrastructure/postgres/senders.ts';
import {
  birthsOf,
  FIND_MANY,
  INSERT_MANY,
  keysOf,
  replacementsOf,
  UPDATE_MANY,
} from '../../src/infrastructure/postgres/sql/batch.ts';
import { birthDigestOf, type TaskRow, toMutableColumns } from '../../src/infrastructure/postgres/sql/columns.ts';
import {
  type Birth,
  INSERT_IF_FREE,
  type Replacement,
  type TaskKey,
  UPDATE_IF_FREE,
} from '../../src/infrastructure/postgres/sql/single.ts';
import { freshOwner } from '../support/owners.ts';
import { aBirth, at, freshId } from '../support/tasks.ts';
import { plainTasks } from '../support/tasks-in-database.ts';

const knex = connect(inject('databaseUrl'), { maxConnections: 4, warn: () => {} });
afterAll(() => knex.destroy());
const { reads: sender } = pooledSenders(knex, false);
const tasks = plainTasks(knex);

const birthOf = (key: TaskKey): Birth => {
  const birth = aBirth(key as object);
  return { ...toMutableColumns(birth), created_at: birth.createdAt, birth_digest: birthDigestOf(birth), ...key };
};
const changeOf = (key: TaskKey, title: string, expected = 1): Replacement => ({
  ...toMutableColumns(aBirth({ title })),
  ...key,
  expected,
});
const tell = (...keys: TaskKey[]) => sender.send(INSERT_MANY, birthsOf(keys.map(birthOf)));
const insert = async (...keys: TaskKey[]) => (await tell(...keys)).filter((row): row is TaskRow => row.id !== null);
const update = (...changes: Replacement[]) => sender.send(UPDATE_MANY, replacementsOf(changes));
const titleOf = async ({ owner, id }: TaskKey) => (await tasks.find(owner as never, id as never))?.title;

/** What is done in a transaction while a batch waits for it. */
async function whileHeld<T>(hold: (held: Knex) => PromiseLike<unknown>, batch: () => Promise<T>, then = hold) {
  return knex
    .transaction(async (held) => {
      await hold(held);
      const { rows } = await held.raw('select pg_backend_pid() as pid');
      const outcome = batch().catch((error: Error) => error);
      const blocked = 'select count(*)::int as n from pg_stat_activity where ? = any (pg_blocking_pids(pid))';
      while ((await knex.raw(blocked, [rows[0].pid])).rows[0].n === 0) await sleep(5);
      if (then !== hold) await then(held);
      return { outcome };
    })
    .then(({ outcome }) => outcome);
}

describe('a batch', () => {
  let mine: TaskKey;
  let theirs: TaskKey;
  let other: TaskKey;
  /** Two owners with a task of one id, and a third owner. */
  beforeEach(async () => {
    const id = freshId();
    mine = { owner: freshOwner(), id };
    theirs = { owner: freshOwner(), id };
    other = { owner: freshOwner(), id: freshId() };
    for (const { owner } of [mine, theirs, other])
      await knex('public.task_lists').insert({ user_id: owner, revision: 0 });
    await insert(mine);
    await insert(theirs);
    await insert(other);
  });

  it('finds tasks of those who ask for them alone', async () => {
    const rows = await sender.send(FIND_MANY, keysOf([mine, other, { owner: other.owner, id: mine.id }]));
    expect(rows.map(({ user_id, id }) => ({ owner: user_id, id }))).toEqual(expect.arrayContaining([mine, other]));
    expect(rows).toHaveLength(2);
  });

  it('stores every field of what is new, and of what has changed', async () => {
    const fields = (n: number) => ({
      title: `title ${n}`,
      description: `description ${n}`,
      completed: true,
      completed_at: at(n + 1),
      updated_at: at(n + 2),
      deleted_at: at(n + 3),
    });
    const keys = [mine, theirs].map(({ owner }) => ({ owner, id: freshId() }));
    const inOrder = (rows: readonly { readonly user_id: string }[]) =>
      keys.map(({ owner }) => rows.find(({ user_id }) => user_id === owner));

    const births = keys.map((key, n) => ({ ...birthOf(key), ...fields(10 * n), created_at: at(10 * n) }));
    const born = keys.map(({ owner, id }, n) => ({ user_id: owner, id, ...fields(10 * n), created_at: at(10 * n) }));
    expect(inOrder(await sender.send(INSERT_MANY, birthsOf(births)))).toMatchObject(born);
    expect(inOrder(await sender.send(FIND_MANY, keysOf(keys)))).toMatchObject(born);

    const changes = keys.map((key, n) => ({ ...key, ...fields(100 + 10 * n), expected: 2 }));
    const changed = born.map((row, n) => ({ ...row, ...fields(100 + 10 * n), revision: '3' }));
    expect(inOrder(await update(...changes))).toMatchObject(changed);
    expect(inOrder(await sender.send(FIND_MANY, keysOf(keys)))).toMatchObject(changed);

    // A completed task keeps its time, an open one has none.
    const again = keys.map((key) => ({ ...key, ...fields(200), deleted_at: null, expected: 3 }));
    expect(await update(...again)).toMatchObject(keys.map(() => ({ completed_at: at(201), deleted_at: null })));
    const open = { ...fields(300), description: null, completed: false, completed_at: null };
    const reopened = keys.map((key) => ({ ...key, ...open, expected: 4 }));
    expect(await update(...reopened)).toMatchObject(keys.map(() => open));
  });

  it('stores new tasks whatever ids other owners have', async () => {
    const [one, two] = [
      { owner: other.owner, id: mine.id },
      { owner: mine.owner, id: other.id },
    ];
    expect(await insert(one, two)).toHaveLength(2);
  });

  it('changes tasks of those who change them alone', async () => {
    const stranger = { owner: other.owner, id: mine.id };
    expect(await update(changeOf(mine, 'mine'), changeOf(stranger, 'taken over'))).toHaveLength(1);
    expect([await titleOf(mine), await titleOf(theirs), await titleOf(stranger)]).toEqual([
      'mine',
      'Buy milk',
      undefined,
    ]);
  });

  it('leaves out what is there already, or has another revision, and raises nothing for it', async () => {
    const fresh = { owner: mine.owner, id: freshId() };
    expect(await insert(mine, fresh)).toMatchObject([{ id: fresh.id, revision: '2' }]);
    expect(await insert(mine, fresh)).toEqual([]);
    expect(await update(changeOf(mine, 'late', 7), changeOf(fresh, 'in time', 2))).toMatchObject([{ revision: '3' }]);
    expect(await update(changeOf(mine, 'late', 7))).toEqual([]);
    expect(await tasks.revision(mine.owner as never)).toBe(3);
  });

  it('gives each task of an owner a revision of its own, and none away', async () => {
    const keys = Array.from({ length: 3 }, () => ({ owner: other.owner, id: freshId() }));
    const born = await insert(...keys, { owner: mine.owner, id: freshId() });
    const revisions = born.filter(({ user_id }) => user_id === other.owner).map(({ revision }) => Number(revision));
    expect(revisions.sort()).toEqual([2, 3, 4]);
    const changes = born.map(({ user_id, id, revision }) =>
      changeOf({ owner: user_id, id }, 'changed', Number(revision)),
    );
    const changed = (await update(...changes)).filter(({ user_id }) => user_id === other.owner);
    expect(changed.map(({ revision }) => Number(revision)).sort()).toEqual([5, 6, 7]);
    expect(await tasks.revision(other.owner as never)).toBe(7);
  });

  it('does not wait for an owner who is locked', async () => {
    await knex.transaction(async (lock) => {
      await lock('public.task_lists').where('user_id', mine.owner).forUpdate().first('revision');
      const births = [mine, theirs].map(({ owner }) => ({ owner, id: freshId() }));
      expect(await insert(...births)).toMatchObject([{ user_id: theirs.owner }]);
      expect(await update(changeOf(mine, 'a'), changeOf(theirs, 'b'))).toMatchObject([{ user_id: theirs.owner }]);
    });
  });

  it('compares the revision again after it has waited for a task', async () => {
    const outcome = await whileHeld(
      (held) =>
        held('public.tasks').where({ user_id: mine.owner, id: mine.id }).update({ title: 'first', revision: 99 }),
      () => update(changeOf(mine, 'second')),
    );
    expect(await outcome).toEqual([]);
    expect(await titleOf(mine)).toBe('first');
  });

  it('leaves a task alone that was born while it waited', async () => {
    const id = freshId();
    const born = { ...aBirth(), birth_digest: Buffer.alloc(32) };
    const row = { user_id: mine.owner, id, title: 'first', completed: false, revision: 99 };
    const times = { created_at: born.createdAt, updated_at: born.updatedAt, birth_digest: born.birth_digest };
    const outcome = await whileHeld(
      (held) => held('public.tasks').insert({ ...row, ...times }),
      () => insert({ owner: mine.owner, id }),
    );
    expect(await outcome).toEqual([]);
    expect(await titleOf({ owner: mine.owner, id })).toBe('first');
  });

  it('leaves out a new owner, who might be made elsewhere, and says so', async () => {
    const fresh = { owner: freshOwner(), id: freshId() };
    const known = { owner: mine.owner, id: freshId() };
    expect(await tell(fresh, known, { ...fresh, id: freshId() })).toMatchObject([
      { user_id: known.owner, id: known.id },
      { user_id: fresh.owner, id: null },
    ]);
    expect(await knex('public.task_lists').where('user_id', fresh.owner)).toEqual([]);
  });
});

describe('a batch of one', () => {
  let mine: TaskKey;
  beforeEach(async () => {
    mine = { owner: freshOwner(), id: freshId() };
    await knex('public.task_lists').insert({ user_id: mine.owner, revision: 0 });
    await insert(mine);
  });

  const insertOne = (key: TaskKey) => sender.send(INSERT_IF_FREE, birthOf(key));
  const updateOne = (change: Replacement) => sender.send(UPDATE_IF_FREE, change);

  it('stores and changes a task with the next revision of its owner', async () => {
    const fresh = { owner: mine.owner, id: freshId() };
    expect(await insertOne(fresh)).toMatchObject([{ id: fresh.id, user_id: mine.owner, revision: '2' }]);
    expect(await updateOne(changeOf(mine, 'changed'))).toMatchObject([
      { id: mine.id, title: 'changed', revision: '3' },
    ]);
    expect(await tasks.revision(mine.owner as never)).toBe(3);
  });

  it('leaves out what is there already, or has another revision, and raises nothing for it', async () => {
    expect(await insertOne(mine)).toEqual([]);
    expect(await updateOne(changeOf(mine, 'late', 7))).toEqual([]);
    expect(await updateOne(changeOf({ owner: freshOwner(), id: mine.id }, 'taken over'))).toEqual([]);
    expect(await tasks.revision(mine.owner as never)).toBe(1);
    expect(await titleOf(mine)).toBe('Buy milk');
  });

  it('does not wait for an owner who is locked', async () => {
    await knex.transaction(async (lock) => {
      await lock('public.task_lists').where('user_id', mine.owner).forUpdate().first('revision');
      expect(await insertOne({ owner: mine.owner, id: freshId() })).toEqual([]);
      expect(await updateOne(changeOf(mine, 'a'))).toEqual([]);
    });
  });

  it('leaves a new owner to others, who might be made elsewhere', async () => {
    const fresh = { owner: freshOwner(), id: freshId() };
    expect(await insertOne(fresh)).toEqual([]);
    expect(await knex('public.task_lists').where('user_id', fresh.owner)).toEqual([]);
  });

  it('compares the revision again after it has waited for the task', async () => {
    const outcome = await whileHeld(
      (held) =>
        held('public.tasks').where({ user_id: mine.owner, id: mine.id }).update({ title: 'first', revision: 99 }),
      () => updateOne(changeOf(mine, 'second')),
    );
    expect(await outcome).toEqual([]);
    expect(await titleOf(mine)).toBe('first');
  });
});
