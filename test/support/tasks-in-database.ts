import type { Knex } from 'knex';
import { connect } from '../../src/infrastructure/postgres/connection/connect.ts';
import { Database } from '../../src/infrastructure/postgres/database.ts';
import { KnexTaskErasure } from '../../src/infrastructure/postgres/operator-repository.ts';
import { type LanesOptions, openScheduler } from '../../src/infrastructure/postgres/scheduling/lanes.ts';
import type { Scheduler } from '../../src/infrastructure/postgres/scheduling/scheduler.ts';
import { KnexTaskRepository } from '../../src/infrastructure/postgres/task-repository.ts';

type Options = Partial<Omit<LanesOptions, 'url'>>;

/** The database adapter, wired as in the service. */
export function openTasks(url: string, { maxConnections = 10, prepared = true, ...options }: Options = {}) {
  const scheduler = openScheduler({ url, maxConnections, prepared, ...options });
  const database = new Database(scheduler, options.observers?.metrics);
  const knex = connect(url, { maxConnections: 2, warn: () => {} });
  return {
    tasks: new KnexTaskRepository(database),
    erasure: new KnexTaskErasure(knex, database),
    database,
    scheduler,
    knex,
    close: async () => void (await Promise.all([scheduler.close(), knex.destroy()])),
  };
}

/** The database adapter on one connection of Knex, for tests that decide when a transaction commits. */
export function tasksIn(transaction: Knex): KnexTaskRepository {
  const run: Scheduler['run'] = async ({ statement, waiting = statement }, values) => {
    const { rows } = await transaction.raw(
      waiting.text.replaceAll(/\$\d+/g, '?'),
      waiting.parametersOf(values) as Knex.RawBinding[],
    );
    return waiting.resultOf(rows, values);
  };
  return new KnexTaskRepository(new Database({ run, load: [] }));
}
