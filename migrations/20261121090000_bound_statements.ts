import type { Knex } from 'knex';

/**
 * Bounds what the migrating user's sessions may hold up: on the server, where a client that is gone can no longer give up,
 * and as the user's own default, because a transaction pooler passes no settings of a session on.
 */
const BOUNDS = {
  statement_timeout: '4s',
  lock_timeout: '2s',
  idle_in_transaction_session_timeout: '5s',
};

export async function up(knex: Knex): Promise<void> {
  for (const [name, value] of Object.entries(BOUNDS)) await alterRole(knex, `set ${name} = '${value}'`);
}

export async function down(knex: Knex): Promise<void> {
  for (const name of Object.keys(BOUNDS)) await alterRole(knex, `reset ${name}`);
}

/** In this database alone: elsewhere the user may have other work. */
async function alterRole(knex: Knex, change: string): Promise<void> {
  await knex.raw(`do $do$ begin
    execute format('alter role %I in database %I ', current_user, current_database()) || $change$${change}$change$;
  end $do$`);
}
