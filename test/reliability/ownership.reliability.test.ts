import { afterAll, inject } from 'vitest';
import { connect } from '../../src/infrastructure/postgres/connect.ts';
import { DatabaseReadiness } from '../../src/infrastructure/postgres/database-readiness.ts';
import { GuardedDatabase } from '../../src/infrastructure/postgres/guarded-database.ts';
import { KnexTaskRepository } from '../../src/infrastructure/postgres/knex-task-repository.ts';
import { serverOn } from '../support/server.ts';
import { describeOwnership } from './ownership.contract.ts';

const knex = connect(inject('databaseUrl'), { maxConnections: 2, warn: () => {} });
const database = new GuardedDatabase(knex);
afterAll(() => knex.destroy());

describeOwnership('tasks in PostgreSQL', (log) =>
  serverOn(new KnexTaskRepository(database), new DatabaseReadiness(database, () => {}), { log }),
);
