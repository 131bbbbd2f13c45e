import type { Knex } from 'knex';

/**
 * Every key begins with `user_id`: the ownership rule, the locality of a list on disk, and the distribution column
 * should the table ever be spread over several machines. Deleted tasks stay, as tombstones.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table public.tasks (
      user_id      text collate "C" not null check (char_length(user_id) between 1 and 255),
      id           uuid not null,
      title        text not null check (char_length(title) between 1 and 255),
      description  text check (char_length(description) <= 4000),
      completed    boolean not null,
      completed_at timestamptz(3),
      created_at   timestamptz(3) not null,
      updated_at   timestamptz(3) not null,
      deleted_at   timestamptz(3),
      revision     bigint not null check (revision > 0),
      birth_digest bytea not null check (octet_length(birth_digest) = 32),
      primary key (user_id, id),
      unique (user_id, revision),
      check (completed = (completed_at is not null))
    ) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02)
  `);
  await knex.raw(
    'create index tasks_user_id_created_at_id on public.tasks (user_id, created_at, id) where deleted_at is null',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table public.tasks');
}
