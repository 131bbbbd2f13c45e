import { afterAll, expect, inject, it } from 'vitest';
import { connect } from '../../../src/infrastructure/postgres/connect.ts';
import { DatabaseReadiness } from '../../../src/infrastructure/postgres/database-readiness.ts';
import { GuardedDatabase } from '../../../src/infrastructure/postgres/guarded-database.ts';
import { KnexTaskRepository } from '../../../src/infrastructure/postgres/knex-task-repository.ts';
import { describeTaskApi } from '../../contract/task-api.contract.ts';
import { serverOn } from '../../support/server.ts';
import { StatementWatch } from '../../support/statement-watch.ts';

const knex = connect(inject('databaseUrl'), { maxConnections: 5, warn: () => {} });
afterAll(() => knex.destroy());

const watch = new StatementWatch(knex);

describeTaskApi('tasks in PostgreSQL', async () =>
  watch.follow(
    serverOn(
      new KnexTaskRepository(new GuardedDatabase(knex)),
      new DatabaseReadiness(new GuardedDatabase(knex), () => {}),
    ),
  ),
);

it('each statement of all these requests was bound to the owner of its request', () => {
  expect([...new Set(watch.faults)]).toEqual([]);
  expect(watch.statements).toBeGreaterThan(200);
});
