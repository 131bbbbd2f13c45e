import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listening } from '../support/listening.ts';
import { freshOwner } from '../support/owners.ts';
import { type RawAnswer, RawConnection } from '../support/raw-connection.ts';
import { REFUSED_BODIES } from './bad-inputs/bodies.ts';
import { REFUSED_CONTENT_HEADERS } from './bad-inputs/content-headers.ts';
import { REFUSED_PATHS } from './bad-inputs/paths.ts';
import { REFUSED_PRECONDITIONS } from './bad-inputs/preconditions.ts';
import { REFUSED_PROTOCOL } from './bad-inputs/protocol.ts';
import { REFUSED_QUERIES } from './bad-inputs/queries.ts';
import { CANARY, type Row, request, type Target, WRITES } from './bad-inputs/row.ts';
import { KEPT_DESCRIPTIONS, KEPT_TEXTS, REFUSED_TEXTS } from './bad-inputs/texts.ts';

const TABLES: readonly (readonly [string, readonly Row[]])[] = [
  ['texts', REFUSED_TEXTS],
  ['bodies', REFUSED_BODIES],
  ['content headers', REFUSED_CONTENT_HEADERS],
  ['paths', REFUSED_PATHS],
  ['queries', REFUSED_QUERIES],
  ['preconditions and keys', REFUSED_PRECONDITIONS],
  ['protocol', REFUSED_PROTOCOL],
];

/** Asks for all that is stored for the owner, deleted or not. */
const everything = ({ list }: Target): Buffer => request('GET', `${list}/changes?since=0`);

/** What clients, proxies and attackers send, byte by byte, to a server that listens. */
export function describeBadInputs(name: string, start: () => Promise<FastifyInstance>): void {
  describe(`bad inputs for ${name}`, () => {
    const port = listening(start);
    let client: RawConnection;
    let foreign: { readonly id: string; readonly cursor: string };
    beforeAll(async () => {
      client = new RawConnection(port());
      foreign = await aForeignTask();
    });
    afterAll(() => client.close());

    const send = async (bytes: Buffer): Promise<RawAnswer> => (await client.send(bytes).answer()) as RawAnswer;

    async function aForeignTask() {
      const list = `/api/${freshOwner()}/tasks`;
      for (const _ of [1, 2]) await send(request('POST', list, { body: `{"title":"${CANARY}"}` }));
      const { tasks, next_cursor } = (await send(request('GET', `${list}?limit=1`))).json;
      return { id: tasks[0].id, cursor: next_cursor };
    }

    async function aTarget(): Promise<Target> {
      const list = `/api/${freshOwner()}/tasks`;
      const { id } = (await send(request('POST', list, { body: '{"title":"Buy milk"}' }))).json;
      return { list, task: `${list}/${id}`, id, foreignId: foreign.id, foreignCursor: foreign.cursor };
    }

    describe.each(TABLES)('in %s', (_table, rows) => {
      let target: Target;
      let before: RawAnswer;
      // One for all rows: none of them changes anything.
      beforeAll(async () => {
        target = await aTarget();
        before = await send(everything(target));
      });

      it.each(rows.map((row) => [row.status, row.name, row] as const))('gets %i: %s', async (_s, _n, row) => {
        const prototype = Reflect.ownKeys(Object.prototype);
        const connection = new RawConnection(port());
        expectRefusal(await connection.send(row.bytes(target)).answer(), row);

        const next = await connection.send(everything(target)).answer();
        connection.close();
        expect(next === undefined).toBe(row.closes === true);
        expect((next ?? (await send(everything(target)))).text).toBe(before.text);
        expect(Reflect.ownKeys(Object.prototype)).toEqual(prototype);
      });
    });

    describe.each(WRITES)('%s keeps', (method, path) => {
      it.each([
        ...KEPT_TEXTS.flatMap(([what, text]) => [[what, 'title', text] as const, [what, 'description', text] as const]),
        ...KEPT_DESCRIPTIONS.map(([what, text]) => [what, 'description', text] as const),
      ])('%s as %s to the byte', async (_what, member, text) => {
        const target = await aTarget();
        const body = JSON.stringify({ title: 'a', description: null, completed: true, [member]: text });
        const { status, json: task } = await send(request(method, path(target), { body }));
        expect(status).toBe(method === 'POST' ? 201 : 200);
        for (const rest of [`/${task.id}`, '', '/changes']) {
          const { text: answer, json } = await send(request('GET', `${target.list}${rest}`));
          const found = [json, ...(json.tasks ?? []), ...(json.changes ?? [])].find(({ id }) => id === task.id);
          expect(found[member]).toBe(text);
          expect(answer).toContain(JSON.stringify(text));
        }
      });
    });
  });
}

function expectRefusal(answer: RawAnswer | undefined, { status, code, faults }: Row): void {
  expect([answer?.status, answer?.json?.code]).toEqual([status, code]);
  const { headers, json, text, bytes } = answer as RawAnswer;
  expect(headers).toMatchObject({ 'content-type': 'application/problem+json', 'x-content-type-options': 'nosniff' });
  expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(json).toMatchObject({ type: `urn:task-service:problem:${code}`, status, request_id: headers['x-request-id'] });
  if (faults !== undefined) expect(json.errors?.map(placeOf).sort()).toEqual([...faults].sort());
  if (faults?.some((fault) => fault.includes(CANARY)) !== true) expect(bytes.includes(CANARY)).toBe(false);
  expect(text).not.toMatch(/\b(select|insert|update|from tasks|knex|localhost|127\.0\.0\.1|node_modules)\b|\.[jt]s\b/i);
  // Each fault is named once; and what is sent does not decide how much comes back.
  expect(bytes.length).toBeLessThan(20_000);
}

interface Place {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly header?: string;
}

const placeOf = ({ pointer, parameter, header }: Place): string =>
  pointer ?? (parameter === undefined ? `${header}:` : `?${parameter}`);
