import { describe, expect, inject, it } from 'vitest';
import { emptyDatabase } from '../support/empty-database.ts';
import { freshOwner } from '../support/owners.ts';
import { MIGRATE, run, startService } from '../support/service-process.ts';
import { createTask, titlesOf } from './task-client.ts';

const environment = { DATABASE_URL: inject('databaseUrl') };

describe('the service on a database of somebody else', () => {
  it('has kept the data after a restart', async () => {
    const owner = freshOwner();
    const first = await startService(environment);
    await createTask(first.baseUrl, owner, 'Buy milk');
    expect(await first.stop()).toBe(0);

    const second = await startService(environment);

    expect(await titlesOf(second.baseUrl, owner)).toEqual(['Buy milk']);
    expect(await second.stop()).toBe(0);
  });

  it('starts without a schema, says how to get one, and is ready as soon as it is there', async ({
    onTestFinished,
  }) => {
    const DATABASE_URL = await emptyDatabase(onTestFinished);
    const { baseUrl, stderr } = await startService({ DATABASE_URL });

    expect(stderr).toContain('npm run migrate');
    expect(await answerTo(`${baseUrl}/livez`)).toEqual([200, 'application/json; charset=utf-8']);
    expect(await answerTo(`${baseUrl}/readyz`)).toEqual([503, 'application/problem+json']);
    expect(await answerTo(`${baseUrl}/api/alice/tasks`)).toEqual([503, 'application/problem+json']);

    expect(await run(MIGRATE, { DATABASE_URL })).toMatchObject({ code: 0 });

    expect(await answerTo(`${baseUrl}/readyz`)).toEqual([200, 'application/json; charset=utf-8']);
    await createTask(baseUrl, 'alice', 'Buy milk');
  });

  it('never tells the password of the database', async () => {
    const secret = 'do-not-tell';
    const service = await startService({ DATABASE_URL: `postgres://alice:${secret}@127.0.0.1:1/tasks` });

    expect(await answerTo(`${service.baseUrl}/readyz`)).toEqual([503, 'application/problem+json']);
    expect(await service.stop()).toBe(0);
    expect(service.stdout + service.stderr).not.toContain(secret);
  });
});

async function answerTo(url: string): Promise<[number, string | null]> {
  const response = await fetch(url);
  await response.arrayBuffer();
  return [response.status, response.headers.get('content-type')];
}
