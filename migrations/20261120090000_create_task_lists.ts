import type { Knex } from 'knex';

/**
 * One row per owner, locked by each of the owner's writes until it commits: so revisions become visible in their order.
 * No index on `revision` and half-filled pages: raising it stays a heap-only update.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table public.task_lists (
      user_id         text collate "C" primary key check (char_length(user_id) between 1 and 255),
      revision        bigint not null check (revision >= 0),
      purged_revision bigint not null default 0,
      check (purged_revision between 0 and revision)
    ) with (fillfactor = 50)
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table public.task_lists');
}
