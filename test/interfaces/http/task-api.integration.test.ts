import { afterAll, expect, inject, it } from 'vitest';
import { DatabaseReadiness } from '../../../src/infrastructure/postgres/resilience/readiness.ts';
import { describeTaskApi } from '../../contract/task-api.contract.ts';
import { serverOn } from '../../support/server.ts';
import { StatementWatch } from '../../support/statement-watch.ts';
import { openTasks } from '../../support/tasks-in-database.ts';

function open(prepared: boolean) {
  const { tasks, database, scheduler, close } = openTasks(inject('databaseUrl'), { prepared });
  afterAll(close);
  return { scheduler, http: () => serverOn(tasks, new DatabaseReadiness(database, () => {})) };
}

const unprepared = open(false);
const watch = new StatementWatch(unprepared.scheduler);
const prepared = open(true);

describeTaskApi('tasks in PostgreSQL, without prepared statements', async () => watch.follow(unprepared.http()));
describeTaskApi('tasks in PostgreSQL', async () => prepared.http());

it('sends each query of all these requests for the user of its request', () => {
  expect([...new Set(watch.faults)]).toEqual([]);
  expect(watch.queries).toBeGreaterThan(200);
});
