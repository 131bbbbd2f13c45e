import { afterAll, expect, inject, it } from 'vitest';
import { DatabaseReadiness } from '../../../src/infrastructure/postgres/resilience/readiness.ts';
import { describeTaskApi } from '../../contract/task-api.contract.ts';
import { serverOn } from '../../support/server.ts';
import { StatementWatch } from '../../support/statement-watch.ts';
import { ALL_OFF, ALL_ON, openTasks, type Switches } from '../../support/tasks-in-database.ts';

function open(switches: Switches) {
  const { tasks, database, knex, close } = openTasks(inject('databaseUrl'), 5, switches);
  afterAll(close);
  return { knex, http: () => serverOn(tasks, new DatabaseReadiness(database, () => {})) };
}

const plain = open(ALL_OFF);
const watch = new StatementWatch(plain.knex);
const fast = open(ALL_ON);

describeTaskApi('tasks in PostgreSQL', async () => watch.follow(plain.http()));
describeTaskApi('tasks in PostgreSQL, over pipelines', async () => fast.http());

it('each statement of all these requests was bound to the owner of its request', () => {
  expect([...new Set(watch.faults)]).toEqual([]);
  expect(watch.statements).toBeGreaterThan(200);
});
