import { describe, expect, inject, it } from 'vitest';
import { freshOwner } from '../support/owners.ts';
import { countsOf, samplesIn } from '../support/scrape.ts';
import { startService } from '../support/service-process.ts';

const PREFIX = 'task_service_';

describe('the metrics of a service', () => {
  it('are exactly what was asked of it', async () => {
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
    // A change reads the task first, and the first task of an owner finds no counter that a batch could raise. The service
    // looks at the database by itself when it starts, which is not counted.
    expect(countsOf(text, `${PREFIX}database_statement_duration_seconds_count`)).toEqual({
      '{statement="insert_task_if_free"}': 3,
      '{statement="insert_tasks"}': 1,
      '{statement="insert_task"}': 1,
      '{statement="find_task"}': 6,
      '{statement="update_task_if_free"}': 2,
      '{statement="list_tasks"}': 2,
      '{statement="list_changes"}': 1,
    });
    expect(countsOf(text, `${PREFIX}database_batch_size_count`)).toEqual({
      '{batch="insert"}': 3,
      '{batch="find"}': 6,
      '{batch="update"}': 2,
    });
    expect(countsOf(text, `${PREFIX}database_batch_size_sum`)).toEqual(
      countsOf(text, `${PREFIX}database_batch_size_count`),
    );
    const samples = samplesIn(text);
    expect(samples.get(`${PREFIX}database_requests`)).toBe(0);
    expect(samples.get(`${PREFIX}database_requests_limit`)).toBe(210);
    expect(samples.get(`${PREFIX}database_breaker_open`)).toBe(0);
    expect(samples.get(`${PREFIX}database_pool_connections{state="used"}`)).toBe(0);
    expect(countsOf(text, `${PREFIX}database_statement_errors_total`)).toEqual({});
    expect(countsOf(text, `${PREFIX}database_unavailable_total`)).toEqual({});
    expect(samples.get(`${PREFIX}database_pipeline_in_flight{pipeline="reads"}`)).toBe(0);
    expect(samples.get(`${PREFIX}database_connections_opened_total{way="pool"}`)).toBeGreaterThan(0);
    expect(samples.get(`${PREFIX}database_connections_opened_total{way="pipeline"}`)).toBe(2);
    await service.stop();
  });

  it('tell what was given up when the database is gone, and do not ask it', async () => {
    const service = await startService({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    const send = clientOf(service.baseUrl);
    expect((await send('GET', `/api/${freshOwner()}/tasks`)).status).toBe(503);

    const { status, text } = await send('GET', '/metrics');
    expect(status).toBe(200);
    expect(countsOf(text, `${PREFIX}database_unavailable_total`)).toEqual({ '{reason="unreachable"}': 1 });
    const { '{fault="unreachable"}': repetitions } = countsOf(text, `${PREFIX}database_repetitions_total`);
    expect(repetitions).toBeGreaterThan(0);
    const { '{way="pipeline"}': failures } = countsOf(text, `${PREFIX}database_connection_failures_total`);
    expect(failures).toBe((repetitions as number) + 1);
    await service.stop();
  });

  it('are not there when they are switched off', async () => {
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
