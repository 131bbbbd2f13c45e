import { describe, expect, inject, it } from 'vitest';
import { freshOwner } from '../support/owners.ts';
import { countsOf, samplesIn } from '../support/scrape.ts';
import { startService } from '../support/service-process.ts';

const PREFIX = 'task_service_';

describe('the metrics of a service', () => {
  it('count exactly the requests and the statements that they led to', async () => {
    const service = await startService({ DATABASE_URL: inject('directUrl') });
    const send = clientOf(service.baseUrl);
    const tasks = `/api/${freshOwner()}/tasks`;
    const ids: string[] = [];
    for (const title of ['One', 'Two', 'Three']) ids.push((await send('POST', tasks, { title })).json.id);
    for (const id of ids) await send('GET', `${tasks}/${id}`);
    await send('GET', `/api/${freshOwner()}/tasks/${ids[0]}`);
    await send('PATCH', `${tasks}/${ids[0]}`, { title: 'Four' });
    await send('DELETE', `${tasks}/${ids[1]}`);
    await send('GET', tasks);
    await send('GET', `${tasks}?q=o`);
    await send('GET', `${tasks}/changes`);
    await send('GET', '/nothing');

    const { text } = await send('GET', '/metrics');
    expect(countsOf(text, `${PREFIX}http_request_duration_seconds_count`)).toEqual({
      '{route="/api/:user_id/tasks",method="POST",status="201"}': 3,
      '{route="/api/:user_id/tasks/:id",method="GET",status="200"}': 3,
      '{route="/api/:user_id/tasks/:id",method="GET",status="404"}': 1,
      '{route="/api/:user_id/tasks/:id",method="PATCH",status="200"}': 1,
      '{route="/api/:user_id/tasks/:id",method="DELETE",status="204"}': 1,
      '{route="/api/:user_id/tasks",method="GET",status="200"}': 2,
      '{route="/api/:user_id/tasks/changes",method="GET",status="200"}': 1,
      '{route="none",method="GET",status="404"}': 1,
    });
    // A change reads the task first. The first task of a user needs a second statement, which creates the counter. The probe
    // of the readiness at the start is two statements.
    expect(countsOf(text, `${PREFIX}database_statement_duration_seconds_count`)).toEqual({
      '{statement="check_server"}': 1,
      '{statement="list_migrations"}': 1,
      '{statement="insert_task"}': 4,
      '{statement="find_task"}': 6,
      '{statement="update_task"}': 2,
      '{statement="list_tasks"}': 2,
      '{statement="list_changes"}': 1,
    });
    expect(countsOf(text, `${PREFIX}database_batch_size_sum`)).toEqual(
      countsOf(text, `${PREFIX}database_statement_duration_seconds_count`),
    );
    expect(countsOf(text, `${PREFIX}database_queue_wait_seconds_count`)).toEqual({
      '{lane="read"}': 8,
      '{lane="write"}': 5,
      '{lane="isolated"}': 1,
      '{lane="page"}': 2,
      '{lane="scan"}': 1,
    });
    const eachLane = (value: number) =>
      Object.fromEntries(['read', 'write', 'isolated', 'page', 'scan'].map((lane) => [`{lane="${lane}"}`, value]));
    expect(countsOf(text, `${PREFIX}database_connections`)).toEqual(eachLane(1));
    expect(countsOf(text, `${PREFIX}database_connections_opened_total`)).toEqual(eachLane(1));
    expect(countsOf(text, `${PREFIX}database_queries_queued`)).toEqual({});
    expect(countsOf(text, `${PREFIX}database_queries_in_flight`)).toEqual({});
    expect(countsOf(text, `${PREFIX}database_statement_errors_total`)).toEqual({});
    expect(countsOf(text, `${PREFIX}database_unavailable_total`)).toEqual({});
    expect(samplesIn(text).get(`${PREFIX}database_breaker_open`)).toBe(0);
    await service.stop();
  });

  it('count failed requests while the database is unreachable, without a statement of their own', async () => {
    const service = await startService({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    const send = clientOf(service.baseUrl);
    expect((await send('GET', `/api/${freshOwner()}/tasks`)).status).toBe(503);

    const { status, text } = await send('GET', '/metrics');
    expect(status).toBe(200);
    expect(countsOf(text, `${PREFIX}database_unavailable_total`)).toEqual({ '{reason="unreachable"}': 1 });
    const { '{fault="unreachable"}': retries } = countsOf(text, `${PREFIX}database_retries_total`);
    expect(retries).toBeGreaterThan(0);
    const { '{lane="page"}': failures } = countsOf(text, `${PREFIX}database_connection_failures_total`);
    expect(failures).toBe((retries as number) + 1);
    await service.stop();
  });

  it('do not exist when they are off', async () => {
    const service = await startService({ DATABASE_URL: inject('directUrl'), METRICS: 'off' });
    expect((await clientOf(service.baseUrl)('GET', '/metrics')).status).toBe(404);
    await service.stop();
  });
});

const clientOf = (baseUrl: string) => async (method: string, path: string, body?: object) => {
  const response = await fetch(`${baseUrl}${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, json: text.startsWith('{') ? JSON.parse(text) : undefined };
};
