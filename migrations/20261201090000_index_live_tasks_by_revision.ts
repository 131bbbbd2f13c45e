import type { Knex } from 'knex';

/** Keeps tombstones out of lists sorted by last change and out of the initial walk of the change feed. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('create index tasks_live_by_revision on public.tasks (user_id, revision) where deleted_at is null');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index public.tasks_live_by_revision');
}
