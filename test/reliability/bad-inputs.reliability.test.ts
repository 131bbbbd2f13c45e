import { afterAll, inject } from 'vitest';
import { DatabaseReadiness } from '../../src/infrastructure/postgres/resilience/readiness.ts';
import { serverOn } from '../support/server.ts';
import { openTasks } from '../support/tasks-in-database.ts';
import { describeBadInputs } from './bad-inputs.contract.ts';

const { tasks, database, close } = openTasks(inject('databaseUrl'));
afterAll(close);

describeBadInputs('tasks in PostgreSQL', async () => serverOn(tasks, new DatabaseReadiness(database, () => {})));
