import type { Knex } from 'knex';

/** For the trash, and for finding what is to be purged. Holds no live task, so most writes do not pay for it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    'create index tasks_tombstones on public.tasks (user_id, created_at, id) where deleted_at is not null',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index public.tasks_tombstones');
}
