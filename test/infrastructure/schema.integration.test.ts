import type { Knex } from 'knex';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { DESCRIPTION_MAX_LENGTH, TITLE_MAX_LENGTH, USER_ID_MAX_LENGTH } from '../../src/domain/limits.ts';
import { connect } from '../../src/infrastructure/postgres/connection/connect.ts';
import { Migrator } from '../../src/infrastructure/postgres/migrations/migrator.ts';
import { DatabaseReadiness } from '../../src/infrastructure/postgres/resilience/readiness.ts';
import { withOwnDatabase } from '../support/own-database.ts';
import { freshOwner } from '../support/owners.ts';
import { freshId } from '../support/tasks.ts';
import { openTasks } from '../support/tasks-in-database.ts';

const options = { maxConnections: 2, warn: () => {} };

async function obstacleAt(url: string): Promise<string | undefined> {
  const { database, close } = openTasks(url);
  return new DatabaseReadiness(database, () => {}).obstacle().finally(close);
}

describe('the schema', () => {
  const knex = connect(inject('directUrl'), options);
  afterAll(() => knex.destroy());

  const row = () => ({
    user_id: freshOwner(),
    id: freshId(),
    title: 'Buy milk',
    description: null,
    completed: false,
    completed_at: null,
    created_at: new Date(),
    updated_at: new Date(),
    deleted_at: null,
    revision: 1,
    birth_digest: Buffer.alloc(32),
  });

  const longest = { title: '𝒳'.repeat(TITLE_MAX_LENGTH), description: '𝒳'.repeat(DESCRIPTION_MAX_LENGTH) };

  it('takes the longest texts that the domain allows', async () => {
    const user_id = freshOwner().padEnd(USER_ID_MAX_LENGTH, 'x');
    await knex('tasks').insert({ ...row(), ...longest, user_id });
    await knex('task_lists').insert({ user_id, revision: 1 });
  });

  it.each<[string, object]>([
    ['a longer title', { title: `${longest.title}x` }],
    ['an empty title', { title: '' }],
    ['no title', { title: null }],
    ['a longer description', { description: `${longest.description}x` }],
    ['a longer owner', { user_id: 'x'.repeat(USER_ID_MAX_LENGTH + 1) }],
    ['no owner', { user_id: '' }],
    ['completed without a time', { completed: true }],
    ['a time without completed', { completed_at: new Date() }],
    ['revision 0', { revision: 0 }],
    ['a digest of another length', { birth_digest: Buffer.alloc(16) }],
  ])('refuses %s', async (_what, changes) => {
    await expect(knex('tasks').insert({ ...row(), ...changes })).rejects.toMatchObject({ code: /^23(514|502)$/ });
  });

  it('refuses a revision that an owner has used, and a purge beyond the present', async () => {
    const first = row();
    await knex('tasks').insert(first);
    await expect(knex('tasks').insert({ ...first, id: freshId() })).rejects.toMatchObject({ code: '23505' });
    const list = { user_id: freshOwner(), revision: 1, purged_revision: 2 };
    await expect(knex('task_lists').insert(list)).rejects.toMatchObject({ code: '23514' });
  });
});

describe('the migrations', () => {
  const schemaOf = async (knex: Knex) => {
    const { rows } = await knex.raw(`
      select conrelid::regclass::text as of, pg_get_constraintdef(oid) as what from pg_constraint
        where connamespace = 'public'::regnamespace and conrelid::regclass::text like 'task%'
      union all select tablename, indexdef from pg_indexes where tablename like 'task%'
      union all select table_name, concat_ws(' ', column_name, data_type, collation_name, datetime_precision::text, is_nullable)
        from information_schema.columns where table_name like 'task%'
      order by 1, 2`);
    return rows;
  };

  it('go down to nothing and come up to the same schema again, and readiness follows', () =>
    withOwnDatabase(async (url) => {
      const [migrator, knex] = [new Migrator(url), connect(url, options)];
      try {
        const before = await schemaOf(knex);
        expect(before.length).toBeGreaterThan(15);
        const { done } = await migrator.status();
        for (const _ of done) await migrator.down();

        expect(await schemaOf(knex)).toEqual([]);
        expect(await migrator.down()).toEqual([]);
        expect(await migrator.status()).toEqual({ done: [], pending: done });
        expect(await obstacleAt(url)).toBe('migrations-pending');

        expect(await migrator.up()).toEqual(done);
        expect(await migrator.up()).toEqual([]);
        expect(await schemaOf(knex)).toEqual(before);
        expect(await obstacleAt(url)).toBeUndefined();
      } finally {
        await Promise.all([migrator.close(), knex.destroy()]);
      }
    }));

  it('of a newer version are no obstacle for this one', () =>
    withOwnDatabase(async (url) => {
      const knex = connect(url, options);
      await knex('knex_migrations').insert({ name: '29990101000000_from_the_future', batch: 99 });
      await knex.destroy();
      expect(await obstacleAt(url)).toBeUndefined();
    }));
});

describe('readiness', () => {
  it('says when the database does not answer', async () => {
    expect(await obstacleAt('postgres://nobody@127.0.0.1:1/nothing')).toBe('database-unreachable');
  });

  it('says when the database does not keep text as UTF-8', async () => {
    const name = `latin_${freshId().replaceAll('-', '')}`;
    const url = new URL(inject('directUrl'));
    const server = connect(url.href, options);
    await server.raw(`create database ${name} template template0 encoding 'SQL_ASCII' locale_provider libc locale 'C'`);
    url.pathname = name;
    expect(await obstacleAt(url.href)).toBe('database-unsuitable');
    await server.raw(`drop database ${name} with (force)`);
    await server.destroy();
  });
});
