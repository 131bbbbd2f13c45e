import { afterAll, inject } from 'vitest';
import { DatabaseReadiness } from '../../src/infrastructure/postgres/resilience/readiness.ts';
import { serverOn } from '../support/server.ts';
import { openTasks } from '../support/tasks-in-database.ts';
import { describeOwnership } from './ownership.contract.ts';

const { tasks, database, close } = openTasks(inject('databaseUrl'));
afterAll(close);

describeOwnership('tasks in PostgreSQL', (log) => serverOn(tasks, new DatabaseReadiness(database, () => {}), { log }));
