import { describe, expect, inject, it } from 'vitest';
import { freshOwner } from '../support/owners.ts';
import { startService } from '../support/service-process.ts';
import { attributesOf, traceReceiver } from '../support/trace-receiver.ts';

const CALLER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const traceparent = `00-${CALLER.traceId}-${CALLER.spanId}-01`;
const json = { 'content-type': 'application/json' };

describe('traces', () => {
  it('hold a span for each request and one for each of its statements, and nothing of what users wrote', async () => {
    const receiver = await traceReceiver();
    const service = await startService({
      DATABASE_URL: inject('directUrl'),
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    });
    const owner = freshOwner();
    const tasks = `${service.baseUrl}/api/${owner}/tasks`;
    const headers = { ...json, traceparent, tracestate: 'vendor=told-by-the-client' };
    const created = await fetch(tasks, { method: 'POST', headers, body: '{"title":"A secret wish"}' });
    const { id } = (await created.json()) as { id: string };
    await fetch(`${tasks}/${id}`, { method: 'PATCH', headers: json, body: '{"completed":true}' });
    await fetch(`${service.baseUrl}/nothing/here`);
    await service.stop();

    const named = (name: string) => receiver.spans.filter((span) => span.name === name);
    const [birth] = named('POST /api/:user_id/tasks');
    expect(birth).toMatchObject({ traceId: CALLER.traceId, parentSpanId: CALLER.spanId });
    expect(attributesOf(birth as never)).toEqual({
      'http.request.method': 'POST',
      'http.route': '/api/:user_id/tasks',
      'http.response.status_code': 201,
      'task_service.request_id': created.headers.get('x-request-id'),
    });
    // The first task of a user needs a second statement, which creates the counter.
    const inserted = { traceId: CALLER.traceId, parentSpanId: birth?.spanId };
    expect(named('insert_task')).toMatchObject([inserted, inserted]);

    const [change] = named('PATCH /api/:user_id/tasks/:id');
    const parts = receiver.spans.filter(({ parentSpanId }) => parentSpanId === change?.spanId);
    expect(parts.map(({ name }) => name)).toEqual(['find_task', 'update_task']);
    for (const { startTimeUnixNano: from, endTimeUnixNano: to } of parts) expect(BigInt(to) >= BigInt(from)).toBe(true);
    expect(named('GET')).toHaveLength(1);

    expect(receiver.bodies.join()).not.toMatch(new RegExp(`${owner}|${id}|secret|told-by-the-client|nothing`));
    const line = service.stdout.split('\n').find((text) => text.includes('"method":"POST"')) ?? '{}';
    expect(JSON.parse(line).trace_id).toBe(CALLER.traceId);
  });

  it('link a statement that several requests share to all of them', async () => {
    const receiver = await traceReceiver();
    const service = await startService({
      DATABASE_URL: inject('directUrl'),
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    });
    const body = '{"title":"One of many"}';
    const tasks = `${service.baseUrl}/api/${freshOwner()}/tasks`;
    const create = () => fetch(tasks, { method: 'POST', headers: json, body });
    // A batch skips a user without a counter.
    await create();
    await Promise.all(Array.from({ length: 40 }, create));
    await service.stop();

    const requests = receiver.spans.filter(({ name }) => name.startsWith('POST'));
    const statements = receiver.spans.filter(({ name }) => name.startsWith('insert_task'));
    expect(requests).toHaveLength(41);
    expect(statements.length).toBeLessThan(40);
    const own = requests.map(({ spanId }) => spanId);
    const served = statements.flatMap(({ parentSpanId, links }) =>
      parentSpanId === undefined ? links.map(({ spanId }) => spanId) : [parentSpanId],
    );
    expect(new Set(served)).toEqual(new Set(own));
  });

  it('are not told unless somebody wants them', async () => {
    const receiver = await traceReceiver();
    const service = await startService({
      DATABASE_URL: inject('directUrl'),
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_TRACES_EXPORTER: 'none',
    });
    await fetch(`${service.baseUrl}/livez`, { headers: { traceparent } });
    await service.stop();
    expect(receiver.spans).toEqual([]);
    expect(service.stdout).not.toContain('trace_id');
  });

  it('do not hold up a service whose collector is gone', async () => {
    const service = await startService({
      DATABASE_URL: inject('directUrl'),
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    });
    expect((await fetch(`${service.baseUrl}/api/${freshOwner()}/tasks`)).status).toBe(200);
    const began = performance.now();
    expect(await service.stop()).toBe(0);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
