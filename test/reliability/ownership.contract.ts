import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listening } from '../support/listening.ts';
import { freshOwner } from '../support/owners.ts';
import { type RawAnswer, RawConnection } from '../support/raw-connection.ts';
import { freshId } from '../support/tasks.ts';
import { request } from './bad-inputs/row.ts';
import { attemptsWith, injectionsFor } from './ownership/injections.ts';
import { LOOK_ALIKES, NO_OWNERS, OF_A_LIST, OF_A_TASK, type Probe, SPELLINGS } from './ownership/probes.ts';

const CANARY = 'what nobody else may read';

/** Every route, by everybody but the owner, in every spelling: over sockets, and on whatever keeps the tasks. */
export function describeOwnership(name: string, start: (log: FastifyBaseLogger) => FastifyInstance): void {
  describe(`with ${name}`, () => {
    const logged: string[] = [];
    const port = listening(() =>
      start(pino({ level: 'trace' }, { write: (line: string) => logged.push(line) }) as FastifyBaseLogger),
    );
    let client: RawConnection;
    let owner: string;
    let list: string;
    let id: string;
    beforeAll(() => {
      client = new RawConnection(port());
    });
    beforeEach(async () => {
      owner = `a|l:+@${freshOwner()}`;
      list = `/api/${owner}/tasks`;
      id = await aTask(list);
    });
    afterAll(() => client.close());

    const send = async (bytes: Buffer): Promise<RawAnswer> => (await client.send(bytes).answer()) as RawAnswer;
    /** Whatever the owner has, deleted or not. */
    const stored = async () => (await send(request('GET', `${list}/changes?since=0`))).text;
    const sendTo = async (probe: Probe, of: string, task: string) => comparable(await send(probe.bytes(of, task)));

    async function aTask(on: string, named: string = freshId(), title = CANARY): Promise<string> {
      const { status } = await send(
        request('POST', on, { body: JSON.stringify({ title, description: title, id: named }) }),
      );
      expect(status).toBe(201);
      return named;
    }

    async function aDeletedTask(on: string): Promise<string> {
      const deleted = await aTask(on, freshId(), 'gone');
      await send(request('DELETE', `${on}/${deleted}`));
      return deleted;
    }

    describe.each(LOOK_ALIKES)('an intruder with %s', (_what, segmentOf) => {
      it.each(OF_A_TASK.map((probe) => [probe.name, probe] as const))('cannot %s', async (name, probe) => {
        const deleted = await aDeletedTask(list);
        const before = await stored();
        const theirs = `/api/${segmentOf(owner)}/tasks`;
        const missing = await sendTo(probe, theirs, freshId());
        expect(missing).toMatch(/^HTTP\/1.1 404 .*"code":"task-not-found"/s);
        expect(await sendTo(probe, theirs, id)).toBe(missing);
        expect(await sendTo(probe, theirs, id.toUpperCase())).toBe(missing);
        if (name !== 'restore') expect(await sendTo(probe, theirs, await aDeletedTask(theirs))).toBe(missing);
        expect(await sendTo(probe, theirs, deleted)).toBe(missing);
        expect(await sendTo(probe, theirs, `${id}0`)).toMatch(/^HTTP\/1.1 400 .*"parameter":"id"/s);
        expect(await stored()).toBe(before);
      });

      it.each(OF_A_TASK.map((probe) => [probe.name, probe] as const))(
        'can %s a task with an equal id',
        async (_n, probe) => {
          const before = await stored();
          const theirs = `/api/${segmentOf(owner)}/tasks`;
          await aTask(theirs, id, 'mine');
          const answer = await send(probe.bytes(theirs, id));
          expect([200, 204]).toContain(answer.status);
          if (answer.status === 200) expect(answer.json.user_id).toBe(decodeURIComponent(segmentOf(owner)));
          expect(answer.text).not.toContain(CANARY);
          expect(await stored()).toBe(before);
        },
      );

      it.each(OF_A_LIST.map((probe) => [probe.name, probe] as const))('sees nothing by %s', async (_name, probe) => {
        const before = await stored();
        const theirs = `/api/${segmentOf(owner)}/tasks`;
        for (const query of ['', '?q=nobody', '?count=true', '?deleted=true', '?since=0']) {
          const { status, text } = await send(probe.bytes(theirs, id, { query }));
          expect(status).toBeLessThan(500);
          expect(text).not.toContain(CANARY);
        }
        expect(await stored()).toBe(before);
      });
    });

    it.each(NO_OWNERS)('nobody is an owner by %s', async (_what, segmentOf) => {
      const before = await stored();
      for (const probe of [...OF_A_LIST, ...OF_A_TASK]) {
        const { status, json, bytes } = await send(probe.bytes(`/api/${segmentOf(owner)}/tasks`, id));
        expect([probe.name, status, json.errors[0].parameter]).toEqual([probe.name, 400, 'user_id']);
        expect(bytes.includes(owner)).toBe(false);
      }
      expect(await stored()).toBe(before);
    });

    it.each(SPELLINGS)('the owner is one by every route, %s', async (_what, segmentOf) => {
      const own = `/api/${segmentOf(owner)}/tasks`;
      for (const probe of [...OF_A_LIST, ...OF_A_TASK]) {
        const { status, json } = await send(probe.bytes(own, id));
        expect([probe.name, status]).toEqual([probe.name, { create: 201, delete: 204 }[probe.name] ?? 200]);
        if (json?.user_id !== undefined) expect(json.user_id).toBe(owner);
      }
      expect((await send(request('GET', `${own}?count=true`))).json.total).toBe(2);
    });

    it('no text in any place of any route reaches another owner', async () => {
      const before = await stored();
      const theirs = `/api/${freshOwner()}/tasks`;
      for (const injection of injectionsFor(owner, id)) {
        const own = await aTask(theirs, freshId(), 'mine');
        for (const attempt of attemptsWith(injection, theirs, own)) {
          // The names of the owner and of the task are no secrets to somebody who sends them as an owner and an id.
          if (attempt.includes(`/api/${encodeURIComponent(owner)}/`)) continue;
          const answer = await send(attempt);
          expect([attempt.toString(), answer.status < 500, answer.bytes.includes(CANARY)]).toEqual([
            attempt.toString(),
            true,
            false,
          ]);
        }
      }
      expect(await stored()).toBe(before);
    });

    it('the log holds nothing that an owner wrote', () => {
      expect(logged.length).toBeGreaterThan(100);
      const all = logged.join('');
      for (const secret of [CANARY, 'mine', 'taken', 'a|l:+@', 'user_id=']) expect(all).not.toContain(secret);
    });
  });
}

/** All that arrived, but for what names the request and the moment. */
const comparable = ({ bytes, headers }: RawAnswer): string =>
  bytes
    .toString('latin1')
    .replaceAll(String(headers['x-request-id']), '')
    .replace(/^date: .*$/im, '');
