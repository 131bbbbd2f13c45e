import { afterAll, inject } from 'vitest';
import { connect } from '../../../src/infrastructure/postgres/connect.ts';
import { DatabaseReadiness } from '../../../src/infrastructure/postgres/database-readiness.ts';
import { GuardedDatabase } from '../../../src/infrastructure/postgres/guarded-database.ts';
import { KnexTaskRepository } from '../../../src/infrastructure/postgres/knex-task-repository.ts';
import { describeTaskApi } from '../../contract/task-api.contract.ts';
import { serverOn } from '../../support/server.ts';

const knex = connect(inject('databaseUrl'), { maxConnections: 5, warn: () => {} });
afterAll(() => knex.destroy());

describeTaskApi('tasks in PostgreSQL', async () =>
  serverOn(
    new KnexTaskRepository(new GuardedDatabase(knex)),
    new DatabaseReadiness(new GuardedDatabase(knex), () => {}),
  ),
);
