import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { Compile } from 'typebox/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshOwner } from '../support/owners.ts';
import { type RawAnswer, RawConnection } from '../support/raw-connection.ts';
import { request as requestTo } from './bad-inputs/row.ts';
import { Model } from './fuzz/model.ts';
import { faultsOf } from './fuzz/oracle.ts';
import { type FuzzedRequest, sequencesOf } from './fuzz/requests.ts';
import { type Route, routesOf } from './fuzz/routes.ts';
import { bytesOf, ownerOf } from './fuzz/spelling.ts';

const isProblem = Compile(
  Type.Object(
    {
      type: Type.String({ pattern: '^urn:task-service:problem:[a-z-]+$' }),
      title: Type.String({ minLength: 1 }),
      status: Type.Integer(),
      code: Type.String({ pattern: '^[a-z-]+$' }),
      detail: Type.String({ minLength: 1 }),
      request_id: Type.String({ format: 'uuid' }),
      errors: Type.Optional(Type.Array(Type.Object({ detail: Type.String({ minLength: 1 }) }), { minItems: 1 })),
      current: Type.Optional(Type.Object({ id: Type.String() })),
    },
    { additionalProperties: false },
  ),
);

/** Sequences of requests, valid, nearly valid and not at all, made from the schemas by which the server judges them. */
export function describeFuzzing(name: string, start: () => FastifyInstance, runs: number): void {
  describe(`requests at random to ${name}`, () => {
    let http: FastifyInstance;
    let routes: Route[];
    let connection: RawConnection;
    const counts = new Map<string, number>();
    const seed = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31));
    beforeAll(async () => {
      http = start();
      routes = routesOf(http);
      connection = new RawConnection(Number(new URL(await http.listen({ host: '127.0.0.1', port: 0 })).port));
    });
    afterAll(async () => {
      connection.close();
      await http.close();
      const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
      const sorted = [...counts].sort(([one], [other]) => one.localeCompare(other));
      process.stderr.write(
        `FUZZ_SEED=${seed} made ${total} requests to ${name}: ${sorted.map((entry) => entry.join(' x ')).join(', ')}\n`,
      );
    });

    const send = async (bytes: Buffer): Promise<RawAnswer> => (await connection.send(bytes).answer()) as RawAnswer;

    async function perform(request: FuzzedRequest, model: Model, owners: readonly string[]): Promise<void> {
      const { route } = request;
      const owner = ownerOf(request, owners);
      const bytes = bytesOf(request, owners);
      const answer = await send(bytes);
      const { status, json, headers } = answer;
      const faults = faultsOf(request);
      counts.set(`${status}`, (counts.get(`${status}`) ?? 0) + 1);

      const allowed =
        faults.length === 0 ? model.statusesOf(request, owner) : faults.map((fault) => (fault === 'type' ? 415 : 400));
      expect(allowed, String(bytes)).toContain(status);
      expect(route.documented).toContain(status);
      expect(headers['x-request-id']).toBeDefined();
      if (status >= 400) {
        expect(headers['content-type']).toBe('application/problem+json');
        expect([isProblem.Check(json), json.status, json.request_id]).toEqual([true, status, headers['x-request-id']]);
      } else expect(route.isAnswer(status, json)).toBe(true);
      if (route.path.includes(':id') || status === 201) expect(model.learn(request, answer, owner)).toEqual([]);
    }

    /** All that was acknowledged is there, to the byte, and nothing else is. */
    async function verify(model: Model, owners: readonly string[]): Promise<void> {
      const live = [...model.tasks()].filter(([, task]) => task !== undefined);
      for (const [path, task] of model.tasks()) {
        const { status, text } = await send(requestTo('GET', path));
        if (task === undefined) expect(status).toBe(404);
        else expect(text).toBe(JSON.stringify(task));
      }
      for (const owner of owners) {
        const list = `/api/${encodeURIComponent(owner)}/tasks`;
        const { json } = await send(requestTo('GET', `${list}?limit=1&count=true`));
        expect(json.total).toBe(live.filter(([path]) => path.startsWith(`${list}/`)).length);
      }
    }

    it('get the answers that the contract has for them', { timeout: 3_600_000 }, async () => {
      // As many as there are routes in the documentation.
      expect(routes).toHaveLength(9);
      await fc.assert(
        fc.asyncProperty(sequencesOf(routes), async (requests) => {
          const model = new Model();
          const owners = [`a|b+${freshOwner()}`, freshOwner()];
          for (const request of requests) await perform(request, model, owners);
          await verify(model, owners);
        }),
        { numRuns: runs, seed },
      );
    });
  });
}
