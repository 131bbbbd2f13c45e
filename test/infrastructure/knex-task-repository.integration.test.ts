import { afterAll, inject } from 'vitest';
import { connect } from '../../src/infrastructure/postgres/connect.ts';
import { KnexTaskRepository } from '../../src/infrastructure/postgres/knex-task-repository.ts';
import { describeTaskRepository } from '../contract/task-repository.contract.ts';

const knex = connect(inject('databaseUrl'), { maxConnections: 5, warn: () => {} });
afterAll(() => knex.destroy());

describeTaskRepository('KnexTaskRepository', async () => new KnexTaskRepository(knex));
