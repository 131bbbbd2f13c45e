import { afterAll, inject } from 'vitest';
import { DatabaseReadiness } from '../../src/infrastructure/postgres/resilience/readiness.ts';
import { serverOn } from '../support/server.ts';
import { openTasks } from '../support/tasks-in-database.ts';
import { describeFuzzing } from './fuzz.contract.ts';

const { tasks, database, close } = openTasks(inject('databaseUrl'));
afterAll(close);

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 500);

describeFuzzing('tasks in PostgreSQL', () => serverOn(tasks, new DatabaseReadiness(database, () => {})), RUNS);
