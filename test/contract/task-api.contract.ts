import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, Api } from '../support/api.ts';
import { freshOwner } from '../support/owners.ts';
import { freshId } from '../support/tasks.ts';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** What a client may rely on, whatever the tasks are kept in. */
export function describeTaskApi(name: string, start: () => Promise<FastifyInstance>): void {
  describe(`the API on ${name}`, () => {
    let http: FastifyInstance;
    let api: Api;
    beforeAll(async () => {
      http = await start();
      api = new Api(http);
    });
    afterAll(() => http.close());

    /** A fresh owner's list, and a task on it if one is wanted. */
    const aList = () => `/api/${freshOwner()}/tasks`;
    async function aTask(list = aList(), body: object = { title: 'Buy milk' }) {
      const { json: task, headers } = await api.post(list, body);
      return { list, task, url: `${list}/${task.id}`, etag: headers['etag'] as string };
    }

    describe('POST /', () => {
      it('creates an open task from a title', async () => {
        const owner = freshOwner();
        const { status, headers, json } = await api.post(`/api/${owner}/tasks`, { title: 'Buy milk' });

        expect(status).toBe(201);
        expect(json).toEqual({
          id: expect.stringMatching(UUID_V7),
          user_id: owner,
          title: 'Buy milk',
          description: null,
          completed: false,
          completed_at: null,
          created_at: expect.stringMatching(TIME),
          updated_at: json.created_at,
          revision: 1,
        });
        expect(headers).toMatchObject({
          location: `/api/${owner}/tasks/${json.id}`,
          etag: '"1"',
          'content-type': 'application/json; charset=utf-8',
        });
        expect((await api.get(headers['location'] as string)).json).toEqual(json);
      });

      it('creates a completed task with a description', async () => {
        const { task } = await aTask(aList(), { title: 'Done', description: 'long ago', completed: true });
        expect(task).toMatchObject({ description: 'long ago', completed: true, completed_at: task.created_at });
      });

      it('takes null for no description', async () => {
        expect((await api.post(aList(), { title: 'a', description: null })).json.description).toBeNull();
      });

      it.each([
        ['no title', {}, ['/title']],
        ['a title that is null', { title: null }, ['/title']],
        ['a title that is a number', { title: 123 }, ['/title']],
        ['a title that is a list', { title: ['x'] }, ['/title']],
        ['a blank title', { title: ' \u3000\u200b' }, ['/title']],
        ['an empty title', { title: '' }, ['/title']],
        ['a long title', { title: 'x'.repeat(256) }, ['/title']],
        ['U+0000 in the title', { title: 'a\0b' }, ['/title']],
        ['a description that is a number', { title: 'a', description: 5 }, ['/description']],
        ['a long description', { title: 'a', description: 'x'.repeat(4_001) }, ['/description']],
        ['completed as text', { title: 'a', completed: 'true' }, ['/completed']],
        ['completed as a number', { title: 'a', completed: 1 }, ['/completed']],
        ['completed that is null', { title: 'a', completed: null }, ['/completed']],
        ['unknown fields', { title: 'a', Title: 'b', revision: 1 }, ['/Title', '/revision']],
        ['everything wrong at once', { title: ' ', completed: 0, user_id: 'x' }, ['/completed', '/title', '/user_id']],
      ])('refuses %s and names every fault', async (_what, body, pointers) => {
        const list = aList();
        const answer = await api.post(list, body);
        expectProblem(answer, 400, 'invalid-request');
        expect(answer.json.errors.map((error: { pointer: string }) => error.pointer).sort()).toEqual(pointers);
        expect((await api.get(list)).json.tasks).toEqual([]);
      });

      it('keeps text to the byte', async () => {
        const title = `  '; DROP TABLE tasks;-- <script> \u00e9 e\u0301 🧑‍🚀 \ufeff `;
        const { url } = await aTask(aList(), { title, description: '' });
        expect((await api.get(url)).json).toMatchObject({ title, description: '' });
      });

      it('counts code points', async () => {
        expect((await api.post(aList(), { title: '𝒳'.repeat(255), description: '𝒳'.repeat(4_000) })).status).toBe(201);
      });
    });

    describe('GET /{id}', () => {
      it('answers the task with its ETag', async () => {
        const { url, task } = await aTask();
        const { status, headers, json } = await api.get(url);
        expect([status, json, headers['etag']]).toEqual([200, task, '"1"']);
      });

      it('takes an id in upper case', async () => {
        const { list, task } = await aTask();
        expect((await api.get(`${list}/${task.id.toUpperCase()}`)).json).toEqual(task);
      });

      it('takes an owner that is percent-encoded', async () => {
        const owner = freshOwner();
        const { task } = await aTask(`/api/${owner}/tasks`);
        const encoded = [...owner].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
        expect((await api.get(`/api/${encoded}/tasks/${task.id}`)).json).toEqual(task);
      });

      it.each(['nope', '1', '-1', '01938f5e-7c1a-7d3e-9a41-0f6d2b7c9e1', '%00'])('refuses the id %s', async (id) => {
        const answer = await api.get(`${aList()}/${id}`);
        expectProblem(answer, 400, 'invalid-request');
        expect(answer.json.errors).toEqual([{ parameter: 'id', detail: 'must be a UUID' }]);
      });
    });

    describe('PUT /{id}', () => {
      it('replaces all three fields', async () => {
        const { url, task } = await aTask(aList(), { title: 'Buy milk', description: 'two litres' });
        const { status, headers, json } = await api.put(url, {
          title: 'Buy oat milk',
          description: null,
          completed: true,
        });
        expect(status).toBe(200);
        expect(headers['etag']).toBe('"2"');
        expect(json).toEqual({
          ...task,
          title: 'Buy oat milk',
          description: null,
          completed: true,
          completed_at: json.updated_at,
          updated_at: expect.stringMatching(TIME),
          revision: 2,
        });
        expect((await api.get(url)).json).toEqual(json);
      });

      it('refuses to leave a field out, and points at PATCH', async () => {
        const { url, task } = await aTask();
        const answer = await api.put(url, { title: 'Buy oat milk' });
        expectProblem(answer, 400, 'invalid-request');
        expect(answer.json.errors).toEqual([
          { pointer: '/description', detail: expect.stringContaining('PATCH') },
          { pointer: '/completed', detail: expect.stringContaining('PATCH') },
        ]);
        expect((await api.get(url)).json).toEqual(task);
      });

      it('changes nothing when it would change nothing', async () => {
        const { url, task } = await aTask();
        const { status, headers, json } = await api.put(url, {
          title: 'Buy milk',
          description: null,
          completed: false,
        });
        expect([status, headers['etag'], json]).toEqual([200, '"1"', task]);
      });
    });

    describe('PATCH /{id}', () => {
      it.each(['application/json', 'application/merge-patch+json'])('changes what it names, as %s', async (type) => {
        const { url, task } = await aTask(aList(), { title: 'Buy milk', description: 'two litres' });
        const { status, json } = await api.patch(url, { title: 'Buy bread' }, { 'content-type': type });
        expect(status).toBe(200);
        expect(json).toEqual({ ...task, title: 'Buy bread', updated_at: json.updated_at, revision: 2 });
      });

      it('clears a description with null', async () => {
        const { url } = await aTask(aList(), { title: 'Buy milk', description: 'two litres' });
        expect((await api.patch(url, { description: null })).json.description).toBeNull();
      });

      it('changes nothing when it would change nothing', async () => {
        const { url, task } = await aTask();
        expect((await api.patch(url, { title: 'Buy milk' })).json).toEqual(task);
      });

      it.each([
        ['nothing', {}, ''],
        ['a title that is null', { title: null }, '/title'],
        ['a blank title', { title: ' ' }, '/title'],
        ['an id', { id: freshId() }, '/id'],
        ['completed as text', { completed: 'false' }, '/completed'],
      ])('refuses %s', async (_what, body, pointer) => {
        const { url, task } = await aTask();
        const answer = await api.patch(url, body);
        expectProblem(answer, 400, 'invalid-request');
        expect(answer.json.errors).toEqual([{ pointer, detail: expect.any(String) }]);
        expect((await api.get(url)).json).toEqual(task);
      });
    });

    describe('PATCH /{id}/complete', () => {
      it('sets, and changes nothing when it is set already', async () => {
        const { url } = await aTask();
        const first = await api.patch(`${url}/complete`, { completed: true });
        const second = await api.patch(`${url}/complete`, { completed: true });
        expect(first.json).toMatchObject({ completed: true, completed_at: first.json.updated_at, revision: 2 });
        expect([second.status, second.json, second.headers['etag']]).toEqual([200, first.json, '"2"']);
      });

      it('toggles without a body', async () => {
        const { url } = await aTask();
        expect((await api.patch(`${url}/complete`)).json).toMatchObject({ completed: true });
        expect((await api.patch(`${url}/complete`)).json).toMatchObject({ completed: false, completed_at: null });
      });

      it('toggles when there is a media type but no body', async () => {
        const { url } = await aTask();
        const answer = await api.patch(`${url}/complete`, undefined, { 'content-type': 'application/json' });
        expect(answer.json).toMatchObject({ completed: true });
      });

      it.each([{}, { completed: 'true' }, { completed: 1 }, { completed: null }, { completed: true, x: 1 }])(
        'refuses %o',
        async (body) => {
          const { url, task } = await aTask();
          expectProblem(await api.patch(`${url}/complete`, body), 400, 'invalid-request');
          expect((await api.get(url)).json).toEqual(task);
        },
      );

      it('refuses a body that says null, which is not the same as none', async () => {
        const { url } = await aTask();
        expectProblem(await api.patch(`${url}/complete`, 'null'), 400, 'invalid-request');
      });
    });

    describe('DELETE /{id}', () => {
      it('answers 204 once, then there is no such task', async () => {
        const { url, list } = await aTask();
        const { status, text } = await api.delete(url);
        expect([status, text]).toEqual([204, '']);
        expectProblem(await api.delete(url), 404, 'task-not-found');
        expectProblem(await api.get(url), 404, 'task-not-found');
        expect((await api.get(list)).json).toMatchObject({ tasks: [], revision: 2 });
      });
    });

    describe('GET /', () => {
      it('is empty for an owner who has no tasks', async () => {
        const { status, headers, json } = await api.get(aList());
        expect([status, json]).toEqual([200, { tasks: [], next_cursor: null, revision: 0 }]);
        expect(headers['link']).toBeUndefined();
      });

      it('lists the newest first, with the revision of the owner', async () => {
        const { list } = await aTask(aList(), { title: 'one' });
        await aTask(list, { title: 'two' });
        const { json, headers } = await api.get(list);
        expect(titlesOf(json)).toEqual(['two', 'one']);
        expect([json.revision, headers['etag']]).toEqual([2, '"2"']);
      });

      it('filters, searches and counts', async () => {
        const { list } = await aTask(aList(), { title: 'Milch kaufen', completed: true });
        await aTask(list, { title: 'ÄPFEL', description: 'und Milch' });
        await aTask(list, { title: '100%' });

        expect(titlesOf((await api.get(`${list}?completed=true`)).json)).toEqual(['Milch kaufen']);
        expect((await api.get(`${list}?q=MILCH&count=true`)).json.total).toBe(2);
        expect(titlesOf((await api.get(`${list}?q=%C3%A4pfel`)).json)).toEqual(['ÄPFEL']);
        expect(titlesOf((await api.get(`${list}?q=%25`)).json)).toEqual(['100%']);
        expect((await api.get(`${list}?q=milch&completed=false&count=true`)).json).toMatchObject({ total: 1 });
        expect((await api.get(`${list}?count=false`)).json.total).toBeUndefined();
      });

      it('sorts by creation and by last change, both ways', async () => {
        const { list } = await aTask(aList(), { title: 'one' });
        const { url } = await aTask(list, { title: 'two' });
        await aTask(list, { title: 'three' });
        await api.patch(url, { description: 'changed last' });

        const sorted = async (sort: string) => titlesOf((await api.get(`${list}?sort=${sort}`)).json);
        expect(await sorted('created_at')).toEqual(['one', 'two', 'three']);
        expect(await sorted('-created_at')).toEqual(['three', 'two', 'one']);
        expect(await sorted('updated_at')).toEqual(['one', 'three', 'two']);
        expect(await sorted('-updated_at')).toEqual(['two', 'three', 'one']);
      });

      it('pages by cursor and by Link alike, keeping filters and sort', async () => {
        const list = aList();
        for (const n of [1, 2, 3, 4, 5]) await aTask(list, { title: `task ${n}`, completed: n === 3 });
        const query = 'completed=false&q=task&sort=created_at&limit=3';
        const first = await api.get(`${list}?${query}`);
        expect(titlesOf(first.json)).toEqual(['task 1', 'task 2', 'task 4']);

        const next = /^<(.+)>; rel="next"$/.exec(first.headers['link'] as string)?.[1] as string;
        const byLink = await api.get(next);
        const byCursor = await api.get(`${list}?${query}&cursor=${first.json.next_cursor}`);
        expect(titlesOf(byLink.json)).toEqual(['task 5']);
        expect(byCursor.json).toEqual(byLink.json);
        expect(byLink.json.next_cursor).toBeNull();
      });

      it('links to the next page of an owner with special characters', async () => {
        const owner = `${freshOwner()}|+@`;
        const list = `/api/${encodeURIComponent(owner)}/tasks`;
        await aTask(list);
        await aTask(list);
        const { headers, json } = await api.get(`${list}?limit=1`);
        const next = /^<(.+)>/.exec(headers['link'] as string)?.[1] as string;
        expect(next).toBe(`${list}?limit=1&cursor=${json.next_cursor}`);
        expect((await api.get(next)).json.tasks[0].user_id).toBe(owner);
      });

      it.each([
        ['limit=0'],
        ['limit=1001'],
        ['limit='],
        ['limit=abc'],
        ['limit=-1'],
        ['limit=0x10'],
        ['limit=1e1'],
        ['limit=05'],
        ['limit=+5'],
        ['limit=5.0'],
        ['limit=%205'],
        ['limit=99999999999999999999'],
        ['limit=5&limit=6'],
        ['Limit=5'],
        ['completed='],
        ['completed=1'],
        ['completed=TRUE'],
        ['completed=true&completed=true'],
        ['count=1'],
        ['deleted=1'],
        ['deleted='],
        ['sort=title'],
        ['sort=--created_at'],
        ['sort='],
        ['q='],
        [`q=${'x'.repeat(201)}`],
        ['q=%00'],
        ['q=%ff'],
        ['q=%ed%a0%80'],
        ['cursor='],
        ['cursor=abc'],
        ['cursor=%22'],
        ['offset=5'],
        ['__proto__=1'],
        ['%ff=1'],
        ['toString=1'],
      ])('refuses ?%s and says what is allowed', async (query) => {
        const answer = await api.get(`${aList()}?${query}`);
        expectProblem(answer, 400, 'invalid-request');
        expect(answer.json.errors).toEqual([{ parameter: expect.any(String), detail: expect.any(String) }]);
      });

      it.each(['limit=5&limit=6', 'completed=true&completed=true', 'q=a&q=a'])(
        'refuses ?%s: once is enough',
        async (query) => {
          const { json } = await api.get(`${aList()}?${query}`);
          expect(json.errors).toEqual([{ parameter: query.split('=')[0], detail: 'must be given once' }]);
        },
      );

      it('names the parameters that there are', async () => {
        const { json } = await api.get(`${aList()}?page=2`);
        expect(json.errors[0]).toEqual({
          parameter: 'page',
          detail: 'is not a known parameter; known are completed, q, sort, limit, cursor, deleted, count',
        });
      });

      it('refuses a cursor of another owner, filter or sort, and one with any bit changed', async () => {
        const list = aList();
        await aTask(list);
        await aTask(list);
        const cursor: string = (await api.get(`${list}?limit=1`)).json.next_cursor;
        expect((await api.get(`${list}?cursor=${cursor}`)).status).toBe(200);

        const other = aList();
        await aTask(other);
        const bytes = Buffer.from(cursor, 'base64url');
        const flipped = [...bytes.keys()].map((at) => {
          const copy = Buffer.from(bytes);
          copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
          return `${list}?cursor=${copy.toString('base64url')}`;
        });
        const refused = [
          `${other}?cursor=${cursor}`,
          `${list}?completed=false&cursor=${cursor}`,
          `${list}?q=milk&cursor=${cursor}`,
          `${list}?sort=created_at&cursor=${cursor}`,
          `${list}?cursor=${cursor.slice(0, -4)}`,
          `${list}?cursor=${cursor}AAAA`,
          ...flipped,
        ];
        for (const url of refused) expectProblem(await api.get(url), 400, 'invalid-request');
      });
    });

    describe('ownership', () => {
      const probes: [string, (api: Api, url: string) => Promise<Answer>][] = [
        ['GET', (api, url) => api.get(url)],
        ['HEAD', (api, url) => api.send('HEAD', url)],
        ['PUT', (api, url) => api.put(url, { title: 'taken', description: null, completed: true })],
        ['PATCH', (api, url) => api.patch(url, { title: 'taken' })],
        ['DELETE', (api, url) => api.delete(url)],
        ['complete', (api, url) => api.patch(`${url}/complete`, { completed: true })],
        ['toggle', (api, url) => api.patch(`${url}/complete`)],
      ];
      const restoring: typeof probes = [['restore', (api, url) => api.post(`${url}/restore`)]];

      it.each([...probes, ...restoring])(
        '%s under a tag of the real owner finds no task of another one',
        async (_name, probe) => {
          const { url, task, etag } = await aTask();
          const list = aList();
          const tagged = new Api(http, { 'if-match': etag });
          const foreign = await probe(tagged, `${list}/${task.id}`);
          expect(comparable(foreign)).toEqual(comparable(await probe(tagged, `${list}/${freshId()}`)));
          expect(foreign.status).toBe(404);
          expect((await api.get(url)).json).toEqual(task);
        },
      );

      it.each(probes)('%s answers alike for a foreign, a deleted and a missing task', async (_name, probe) => {
        const { url, task } = await aTask();
        const deleted = await aTask();
        await api.delete(deleted.url);
        const list = aList();

        const foreign = await probe(api, `${list}/${task.id}`);
        const missing = await probe(api, `${list}/${freshId()}`);
        const gone = await probe(api, deleted.url);
        expect(foreign.status).toBe(404);
        expect(comparable(foreign)).toEqual(comparable(missing));
        expect(comparable(gone)).toEqual(comparable(missing));
        expect((await api.get(url)).json).toEqual(task);
      });

      it('shows no task of another owner in a list, a search or a count', async () => {
        const { task } = await aTask(aList(), { title: `secret ${freshId()}` });
        const list = aList();
        for (const query of ['', '?count=true', `?q=${encodeURIComponent(task.title)}`, '?sort=-updated_at']) {
          expect((await api.get(`${list}${query}`)).json).toMatchObject({ tasks: [], revision: 0 });
        }
      });

      it('lets both of two owners keep their own', async () => {
        const [one, other] = [await aTask(aList(), { title: 'one' }), await aTask(aList(), { title: 'other' })];
        await api.patch(one.url, { title: 'changed' });
        expect((await api.get(other.url)).json).toEqual(other.task);
      });

      it.each([
        'a%2Fb',
        '%00',
        '%20',
        'a%0d%0ab',
        '*',
        ';',
        `'`,
        '$',
        '%F0%9F%98%80',
        'x'.repeat(256),
        'x'.repeat(5_000),
      ])('refuses the owner %.20s without repeating it', async (owner) => {
        const answer = await api.get(`/api/${owner}/tasks`);
        expectProblem(answer, 400, 'invalid-request');
        expect(answer.json.errors).toEqual([{ parameter: 'user_id', detail: expect.stringContaining('must be') }]);
        expect(answer.text).not.toContain('xxxx');
      });
    });

    describe('If-Match', () => {
      const writes: [string, (api: Api, url: string) => Promise<Answer>, number][] = [
        ['PUT', (api, url) => api.put(url, { title: 'changed', description: null, completed: true }), 200],
        ['PATCH', (api, url) => api.patch(url, { title: 'changed' }), 200],
        ['complete', (api, url) => api.patch(`${url}/complete`, { completed: true }), 200],
        ['toggle', (api, url) => api.patch(`${url}/complete`), 200],
        ['DELETE', (api, url) => api.delete(url), 204],
        ['restore', (api, url) => api.post(`${url}/restore`), 200],
      ];
      const ifMatch = (value: string) => new Api(http, { 'if-match': value });

      describe.each(writes)('of %s', (name, write, success) => {
        it.each([
          ['the tag', (etag: string) => etag],
          ['a list with the tag', (etag: string) => `"999", ${etag}`],
          ['a weak form of the tag', (etag: string) => `W/${etag}`],
          ['a list with empty members', (etag: string) => `,"999", ,${etag},`],
          ['any', () => '*'],
        ])('lets the change happen under %s', async (_what, value) => {
          const { url, etag } = await aTask();
          const { status, headers } = await write(ifMatch(value(etag)), url);
          expect(status).toBe(success);
          if (status === 200) expect(headers['etag']).toBe(name === 'restore' ? '"1"' : '"2"');
        });

        it.each(['"999"', '"0"', '"abc"', '"01"', 'W/"7", "x"', '""'])(
          'answers 412 and the task under %s',
          async (value) => {
            const { url, task, etag } = await aTask();
            const answer = await write(ifMatch(value), url);
            expectProblem(answer, 412, 'revision-mismatch');
            expect([answer.json.current, answer.headers['etag']]).toEqual([task, etag]);
            expect((await api.get(url)).json).toEqual(task);
          },
        );

        it.each(['abc', '1', '"1', '1"', '"1" "2"', '', ' ', ',', '*, "1"', '"1"x', `"${'x'.repeat(10_000)}`])(
          'answers 400 under %.20s, which is malformed',
          async (value) => {
            const { url, task } = await aTask();
            const answer = await write(ifMatch(value), url);
            expectProblem(answer, 400, 'invalid-request');
            expect(answer.json.errors).toEqual([{ header: 'if-match', detail: expect.any(String) }]);
            expect((await api.get(url)).json).toEqual(task);
          },
        );

        it.each(['"999"', '*'])('answers 400 under If-None-Match %s, which it could not keep', async (value) => {
          const { url, task } = await aTask();
          const answer = await write(new Api(http, { 'if-none-match': value }), url);
          expectProblem(answer, 400, 'invalid-request');
          expect(answer.json.errors).toEqual([
            { header: 'if-none-match', detail: expect.stringContaining('If-Match') },
          ]);
          expect((await api.get(url)).json).toEqual(task);
        });

        it('answers 404 for a task that is not there, whatever the tag', async () => {
          expectProblem(await write(ifMatch('"999"'), `${aList()}/${freshId()}`), 404, 'task-not-found');
        });
      });

      it('lets one of many concurrent writers with one tag through', async () => {
        const { url, etag } = await aTask();
        const titles = Array.from({ length: 50 }, (_, n) => `writer ${n}`);
        const answers = await Promise.all(titles.map((title) => ifMatch(etag).patch(url, { title })));
        const statuses = answers.map(({ status }) => status).sort();
        expect(statuses).toEqual([200, ...Array(49).fill(412)]);
        const winner = answers.find(({ status }) => status === 200);
        for (const { json } of answers.filter(({ status }) => status === 412))
          expect(json.current).toEqual(winner?.json);
      });

      it('knows a revision of two digits', async () => {
        const list = aList();
        for (let n = 1; n < 10; n++) await aTask(list);
        const { url, etag } = await aTask(list);
        expect([etag, (await ifMatch(etag).patch(url, { title: 'changed' })).status]).toEqual(['"10"', 200]);
      });

      it('guards a change that would change nothing', async () => {
        const { url } = await aTask();
        expectProblem(await ifMatch('"999"').patch(url, { title: 'Buy milk' }), 412, 'revision-mismatch');
      });
    });

    describe('If-None-Match', () => {
      const ifNoneMatch = (value: string) => ({ headers: { 'if-none-match': value } });

      it.each([
        ['the tag', (etag: string) => etag],
        ['a weak form', (etag: string) => `W/${etag}`],
        ['a list', (etag: string) => `"x", ${etag}`],
        ['any', () => '*'],
      ])('answers 304 under %s, for a task, a list and the changes', async (_what, value) => {
        const { url, list, etag } = await aTask();
        const changes = `${list}/changes`;
        for (const path of [url, list, `${list}?completed=true`, changes, `${changes}?since=0`, `${changes}?since=1`]) {
          const answer = await api.get(path, ifNoneMatch(value(etag)));
          expect([path, answer.status, answer.text, answer.headers['etag']]).toEqual([path, 304, '', etag]);
          const { status, headers } = await api.send('HEAD', path, ifNoneMatch(value(etag)));
          expect([status, headers['etag'], headers['content-length']]).toEqual([304, etag, undefined]);
        }
      });

      it('answers 200 once something has changed', async () => {
        const { url, list, etag } = await aTask();
        await api.patch(url, { title: 'changed' });
        for (const path of [url, list, `${list}/changes`]) {
          const answer = await api.get(path, ifNoneMatch(etag));
          expect([path, answer.status, answer.headers['etag']]).toEqual([path, 200, '"2"']);
        }
      });

      it('answers 404 for a task that is not there', async () => {
        expectProblem(await api.get(`${aList()}/${freshId()}`, ifNoneMatch('*')), 404, 'task-not-found');
      });

      it('is refused when it is malformed', async () => {
        const { url, list } = await aTask();
        for (const path of [url, list, `${list}/changes`]) {
          expectProblem(await api.get(path, ifNoneMatch('1')), 400, 'invalid-request');
        }
      });
    });

    describe('a create that is repeated', () => {
      const byKey = (key: string) => new Api(http, { 'idempotency-key': key });

      it.each([
        ['id', (list: string, id: string, body: object) => api.post(list, { ...body, id })],
        ['key', (list: string, id: string, body: object) => byKey(id).post(list, body)],
      ])('by %s creates nothing and answers the task as it now stands', async (_how, create) => {
        const [list, id] = [aList(), freshId()];
        const first = await create(list, id, { title: 'Buy milk' });
        expect([first.status, first.headers['idempotency-replayed']]).toEqual([201, undefined]);
        await api.patch(first.headers['location'] as string, { title: 'changed since' });

        const second = await create(list, id, { title: 'Buy milk', description: null, completed: false });
        expect(second.status).toBe(201);
        expect(second.headers).toMatchObject({
          'idempotency-replayed': 'true',
          location: first.headers['location'],
          etag: '"2"',
        });
        expect(second.json).toMatchObject({ id: first.json.id, title: 'changed since', revision: 2 });
        expect((await api.get(`${list}?count=true`)).json.total).toBe(1);
      });

      it.each([
        ['id', 409, 'id-taken', (list: string, id: string, body: object) => api.post(list, { ...body, id })],
        ['key', 422, 'idempotency-mismatch', (list: string, id: string, body: object) => byKey(id).post(list, body)],
      ] as const)('by %s with another body gets %i', async (_how, status, code, create) => {
        const [list, id] = [aList(), freshId()];
        const { json: task } = await create(list, id, { title: 'Buy milk' });
        for (const body of [
          { title: 'x' },
          { title: 'Buy milk', description: '' },
          { title: 'Buy milk', completed: true },
        ]) {
          expectProblem(await create(list, id, body), status, code);
        }
        expect((await api.get(`${list}/${task.id}`)).json).toEqual(task);
      });

      it.each([
        ['id', (list: string, id: string, body: object) => api.post(list, { ...body, id })],
        ['key', (list: string, id: string, body: object) => byKey(id).post(list, body)],
      ])('by %s after the task was deleted gets 410, and does not bring it back', async (_how, create) => {
        const [list, id] = [aList(), freshId()];
        const { headers } = await create(list, id, { title: 'Buy milk' });
        await api.delete(headers['location'] as string);
        expectProblem(await create(list, id, { title: 'Buy milk' }), 410, 'task-deleted');
        expectProblem(await api.get(headers['location'] as string), 404, 'task-not-found');
      });

      it('a hundred times at once creates one task', async () => {
        const list = aList();
        const answers = await Promise.all(Array.from({ length: 100 }, () => byKey('same').post(list, { title: 'a' })));
        expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
        expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1);
        expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1);
        expect((await api.get(`${list}?count=true`)).json).toMatchObject({ total: 1 });
      });

      it('keeps owners apart, by id and by key', async () => {
        const [one, other, id] = [aList(), aList(), freshId()];
        const answers = [
          await api.post(one, { title: 'mine', id }),
          await api.post(other, { title: 'theirs', id }),
          await byKey(id).post(one, { title: 'mine, by key' }),
          await byKey(id).post(other, { title: 'theirs, by key' }),
        ];
        expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
        expect(answers[2]?.json.id).not.toBe(answers[3]?.json.id);
      });

      it('takes an id in upper case, and answers it in lower case', async () => {
        const [list, id] = [aList(), freshId()];
        expect((await api.post(list, { title: 'a', id: id.toUpperCase() })).json.id).toBe(id);
        expect((await api.post(list, { title: 'a', id })).headers['idempotency-replayed']).toBe('true');
      });

      it('derives a UUID of version 8 from a key, quoted or not', async () => {
        const list = aList();
        const bare = await byKey('k~1').post(list, { title: 'a' });
        const quoted = await byKey('"k~1"').post(list, { title: 'a' });
        expect(bare.json.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect([quoted.json.id, quoted.headers['idempotency-replayed']]).toEqual([bare.json.id, 'true']);
      });

      it.each(['', '""', 'a b', 'a, b', '\u00e9', 'x'.repeat(256), `"${'x'.repeat(256)}"`])(
        'refuses the key %.20s',
        async (key) => {
          const list = aList();
          const answer = await byKey(key).post(list, { title: 'a' });
          expectProblem(answer, 400, 'invalid-request');
          expect(answer.json.errors).toEqual([{ header: 'idempotency-key', detail: expect.any(String) }]);
          expect((await api.get(list)).json.tasks).toEqual([]);
        },
      );

      it('takes the longest key', async () => {
        expect((await byKey('x'.repeat(255)).post(aList(), { title: 'a' })).status).toBe(201);
        expect((await byKey(`"${'x'.repeat(255)}"`).post(aList(), { title: 'a' })).status).toBe(201);
      });

      it.each([null, '', 1, 'nope', '01938f5e7c1a7d3e9a410f6d2b7c9e10'])('refuses the id %s', async (id) => {
        const answer = await api.post(aList(), { title: 'a', id });
        expectProblem(answer, 400, 'invalid-request');
        expect(answer.json.errors).toEqual([{ pointer: '/id', detail: expect.any(String) }]);
      });

      it('refuses an id and a key together', async () => {
        const answer = await byKey('k').post(aList(), { title: 'a', id: freshId() });
        expectProblem(answer, 400, 'invalid-request');
        expect(answer.json.errors).toEqual([{ pointer: '/id', detail: expect.stringContaining('Idempotency-Key') }]);
      });
    });

    describe('POST /{id}/restore', () => {
      it('brings a deleted task back as it was', async () => {
        const { url, list, task } = await aTask(aList(), { title: 'Buy milk', completed: true });
        await api.delete(url);
        const { status, headers, json } = await api.post(`${url}/restore`);
        expect([status, headers['etag']]).toEqual([200, '"3"']);
        expect(json).toEqual({ ...task, updated_at: json.updated_at, revision: 3 });
        expect((await api.get(list)).json.tasks).toEqual([json]);
      });

      it('changes nothing on a live task', async () => {
        const { url, task } = await aTask();
        const { status, headers, json } = await api.post(`${url}/restore`);
        expect([status, headers['etag'], json]).toEqual([200, '"1"', task]);
      });

      it('is guarded by the tag of the tombstone, which the trash tells', async () => {
        const { url, list } = await aTask();
        await api.delete(url);
        const [tombstone] = (await api.get(`${list}?deleted=true`)).json.tasks;
        expect(tombstone).toMatchObject({ revision: 2, deleted_at: expect.stringMatching(TIME) });

        const stale = await new Api(http, { 'if-match': '"1"' }).post(`${url}/restore`);
        expectProblem(stale, 412, 'revision-mismatch');
        expect([stale.json.current, stale.headers['etag']]).toEqual([tombstone, '"2"']);
        expect((await new Api(http, { 'if-match': '"2"' }).post(`${url}/restore`)).status).toBe(200);
      });

      it('finds no task that never was', async () => {
        expectProblem(await api.post(`${aList()}/${freshId()}/restore`), 404, 'task-not-found');
      });
    });

    describe('the trash', () => {
      it('lists what is deleted, and the list what is not', async () => {
        const { list, url } = await aTask(aList(), { title: 'gone' });
        await aTask(list, { title: 'kept' });
        await api.delete(url);
        const trash = (await api.get(`${list}?deleted=true&count=true`)).json;
        expect([titlesOf(trash), trash.total, trash.revision]).toEqual([['gone'], 1, 3]);
        const live = (await api.get(`${list}?deleted=false`)).json;
        expect(titlesOf(live)).toEqual(['kept']);
        expect(live.tasks[0]).not.toHaveProperty('deleted_at');
      });

      it('has cursors of its own', async () => {
        const list = aList();
        for (const title of ['a', 'b', 'c', 'd']) {
          const { url } = await aTask(list, { title });
          if (title < 'c') await api.delete(url);
        }
        const { next_cursor } = (await api.get(`${list}?deleted=true&limit=1`)).json;
        expect(titlesOf((await api.get(`${list}?deleted=true&limit=1&cursor=${next_cursor}`)).json)).toEqual(['a']);
        expectProblem(await api.get(`${list}?limit=1&cursor=${next_cursor}`), 400, 'invalid-request');
      });
    });

    describe('pages of long texts', () => {
      let list: string;
      beforeAll(async () => {
        list = aList();
        // 16,001 bytes each: 65 of them fit into 1,048,576 bytes.
        for (let n = 0; n < 66; n++) await aTask(list, { title: 'x', description: '𝒳'.repeat(4_000) });
      });

      it.each(['', '&sort=updated_at', '&q=%F0%9D%92%B3', '&completed=false'])(
        'end before 1,048,576 bytes, and the next one goes on: ?limit=1000&count=true%s',
        async (query) => {
          const first = await api.get(`${list}?limit=1000&count=true${query}`);
          const next = /^<(.+)>; rel="next"$/.exec(first.headers['link'] as string)?.[1] as string;
          const last = await api.get(next);

          expect([first.json.tasks.length, first.json.total]).toEqual([65, 66]);
          expect([last.json.tasks.length, last.json.total, last.json.next_cursor]).toEqual([1, 66, null]);
          expect(new Set([...first.json.tasks, ...last.json.tasks].map(({ id }) => id)).size).toBe(66);
        },
      );

      it.each(['', '&since=0'])('end before 1,048,576 bytes in the change feed, too: ?limit=1000%s', async (query) => {
        const first = await api.get(`${list}/changes?limit=1000${query}`);
        expect(first.json.changes).toHaveLength(65);
        expect(first.json).toMatchObject({ revision: 65, has_more: true });

        const next = /^<(.+)>; rel="next"$/.exec(first.headers['link'] as string)?.[1] as string;
        const last = (await api.get(next)).json;
        expect(last).toMatchObject({ changes: [{ revision: 66 }], revision: 66, has_more: false });
      });
    });

    describe('GET /changes', () => {
      it('tells everything, then what has changed, deletions as such', async () => {
        const { list, url, task } = await aTask();
        const all = await api.get(`${list}/changes`);
        expect(all.json).toEqual({ changes: [task], revision: 1, has_more: false });
        expect(all.headers['etag']).toBe('"1"');

        const { task: second } = await aTask(list, { title: 'second' });
        await api.delete(url);
        const { json } = await api.get(`${list}/changes?since=1`);
        expect(json).toEqual({
          changes: [second, { id: task.id, revision: 3, deleted_at: expect.stringMatching(TIME) }],
          revision: 3,
          has_more: false,
        });
        expect((await api.get(`${list}/changes?since=3`)).json).toEqual({ changes: [], revision: 3, has_more: false });
        expect((await api.get(`${list}/changes`)).json.changes).toEqual([second]);
      });

      it('comes in pages, by since and by Link alike', async () => {
        const list = aList();
        for (const title of ['a', 'b', 'c', 'd', 'e']) await aTask(list, { title });
        const first = await api.get(`${list}/changes?limit=2`);
        expect(first.json).toMatchObject({ changes: [{ title: 'a' }, { title: 'b' }], revision: 2, has_more: true });
        expect(first.headers['etag']).toBe('"2"');
        expect((await api.get(`${list}/changes?limit=2`, { headers: { 'if-none-match': '"2"' } })).status).toBe(200);

        const next = /^<(.+)>; rel="next"$/.exec(first.headers['link'] as string)?.[1] as string;
        const bySince = await api.get(`${list}/changes?since=2&limit=2`);
        const byLink = await api.get(next);
        expect(next).toBe(`${list}/changes?limit=2&since=2&snapshot=0`);
        expect(byLink.headers['link']).toContain('?limit=2&since=4&snapshot=0>');
        expect(bySince.headers['link']).toContain('?since=4&limit=2>');
        expect(byLink.json).toEqual(bySince.json);
        expect(byLink.json).toMatchObject({ changes: [{ title: 'c' }, { title: 'd' }], revision: 4, has_more: true });
        const last = await api.get(`${list}/changes?since=4`);
        expect(last.json).toMatchObject({ changes: [{ title: 'e' }], revision: 5, has_more: false });
        expect(last.headers['link']).toBeUndefined();
      });

      it('is empty for an owner who never wrote', async () => {
        expect((await api.get(`${aList()}/changes`)).json).toEqual({ changes: [], revision: 0, has_more: false });
        expect((await api.get(`${aList()}/changes?since=0`)).json).toEqual({
          changes: [],
          revision: 0,
          has_more: false,
        });
      });

      it('sends a follower from the future back to the beginning', async () => {
        const { list } = await aTask();
        for (const since of ['2', '999999999999999', '9007199254740991', '99999999999999999999']) {
          expectProblem(await api.get(`${list}/changes?since=${since}`), 410, 'resync-required');
        }
        const known = { headers: { 'if-none-match': '"1"' } };
        expectProblem(await api.get(`${list}/changes?since=2`, known), 410, 'resync-required');
        expectProblem(await api.get(`${aList()}/changes?since=1`), 410, 'resync-required');
      });

      it.each([
        'since=',
        'since=abc',
        'since=-1',
        'since=1.5',
        'since=%20',
        'since=01',
        'since=1&since=1',
        'limit=0',
        'limit=1001',
        'cursor=x',
      ])('refuses ?%s', async (query) => {
        expectProblem(await api.get(`${aList()}/changes?${query}`), 400, 'invalid-request');
      });
    });

    describe('many writers at once', () => {
      it('all succeed without a revision, and every one leaves its mark', async () => {
        const { url } = await aTask();
        const answers = await Promise.all(Array.from({ length: 20 }, () => api.patch(`${url}/complete`)));
        expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
        // An even number of toggles, none of them lost.
        expect((await api.get(url)).json).toMatchObject({ completed: false });
        expect(new Set(answers.map(({ json }) => json.revision)).size).toBe(20);
      });
    });

    it.each([
      ['no length', { 'content-length': '0' }],
      ['which nothing else is said', {}],
    ])('takes a body of %s for none, whatever type it is said to have', async (_what, length) => {
      const { url } = await aTask();
      const form = { 'content-type': 'application/x-www-form-urlencoded', ...length };
      expect((await api.send('PATCH', `${url}/complete`, { headers: form })).json).toMatchObject({ completed: true });
      expect((await api.send('POST', `${url}/restore`, { headers: form })).status).toBe(200);
      expect((await api.send('DELETE', url, { headers: form })).status).toBe(204);
    });

    describe('faults', () => {
      it('are told of all parts of a request', async () => {
        const { status, json } = await api.put('/api/%20/tasks/x?y=1', { title: '', z: 1 });
        expect(status).toBe(400);
        const names = json.errors.map(({ parameter, pointer }: Record<string, string>) => parameter ?? pointer);
        expect(names.sort()).toEqual(['/completed', '/description', '/title', '/z', 'id', 'user_id', 'y']);
      });

      const known = 'title, description, completed, id';
      it.each([
        [{}, 'is required'],
        [{ title: null }, 'must be of type string'],
        [{ title: ['x'] }, 'must be of type string'],
        [{ title: '' }, 'must not be blank'],
        [{ title: 'x'.repeat(256) }, 'must have at most 255 characters'],
        [{ title: 'a\0' }, 'must not contain U+0000 or unpaired surrogates, or anything that is not UTF-8'],
        [{ title: 'a', description: 5 }, 'must be of type string or null'],
        [{ title: 'a', id: 'x' }, 'must be a UUID'],
        [{ title: 'a', x: 1 }, `is not a known field; known are ${known}`],
      ])('of a body are told in words: %j', async (body, detail) => {
        const { json } = await api.post(aList(), body);
        expect(json.errors).toEqual([{ pointer: expect.any(String), detail }]);
        expect(json.detail).toBe(`${json.errors[0].pointer} ${detail}.`);
      });

      it.each([
        ['q=', 'must not be empty'],
        [`q=${'x'.repeat(201)}`, 'must have at most 200 characters'],
        ['q=%ff', 'must not contain U+0000 or unpaired surrogates, or anything that is not UTF-8'],
        ['sort=x', 'must be one of created_at, -created_at, updated_at, -updated_at'],
        ['limit=0', 'must be a whole number from 1 to 1000'],
      ])('of a query are told in words: ?%.20s', async (query, detail) => {
        const { json } = await api.get(`${aList()}?${query}`);
        const parameter = query.split('=')[0];
        expect([json.errors, json.detail]).toEqual([[{ parameter, detail }], `${parameter} ${detail}.`]);
      });

      it('of a body that is missing, empty, or not wanted', async () => {
        const { url, list } = await aTask();
        const answers = [await api.post(list), await api.patch(url, {}), await api.post(`${url}/restore`, { x: 1 })];
        expect(answers.map(({ json }) => json.errors[0])).toEqual([
          { pointer: '', detail: 'is required' },
          { pointer: '', detail: 'must name at least one field' },
          { pointer: '/x', detail: 'is not a known field; there is none here' },
        ]);
        expect(answers[0]?.json.detail).toBe('The body is required.');
        expect((await api.get(`${url}?x=1`)).json.detail).toBe('x is not a known parameter; there is none here.');
      });

      it.each([
        ['"a"', 'must be a JSON object'],
        ['1', 'must be a JSON object'],
        ['null', 'must be a JSON object'],
        ['[]', 'must be a JSON object'],
        ['{', 'must be JSON'],
        [Buffer.from([0xff]), 'must be UTF-8'],
      ])('of a body that is no object are told as such: %j', async (body, detail) => {
        expect((await api.post(aList(), body)).json.errors).toEqual([{ pointer: '', detail }]);
      });

      it('are counted, up to a hundred', async () => {
        const members = Array.from({ length: 200 }, (_, n) => `"k${n}":1`);
        expect((await api.post(aList(), `{${[...members, ...members].join()}}`)).json.errors).toHaveLength(100);
        const named = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 1]));
        const first = `/k0 is not a known field; known are ${known}.`;
        for (const [count, detail] of [
          [2, `${first} All 2 faults are in "errors".`],
          [99, `${first} All 99 faults are in "errors".`],
          [500, `${first} The first 100 faults are in "errors".`],
        ] as const) {
          expect((await api.post(aList(), { title: 'a', ...named(count) })).json.detail).toBe(detail);
        }
        expect((await api.get(aList(), { headers: { 'if-none-match': 'x' } })).json.detail).toMatch(
          /^if-none-match must/,
        );
      });
    });

    describe('methods', () => {
      it.each([
        ['', 'GET, POST, HEAD, OPTIONS', ['PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'QUERY']],
        [`/${freshId()}`, 'GET, PUT, PATCH, DELETE, HEAD, OPTIONS', ['POST', 'TRACE', 'LOCK']],
        ['/changes', 'GET, HEAD, OPTIONS', ['PUT', 'POST', 'PATCH', 'DELETE']],
        [`/${freshId()}/restore`, 'POST, OPTIONS', ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE']],
        [`/${freshId()}/complete`, 'PATCH, OPTIONS', ['GET', 'HEAD', 'PUT', 'POST', 'DELETE']],
      ])('of %s are told by OPTIONS and by 405', async (path, allow, others) => {
        const url = `${aList()}${path}`;
        const options = await api.send('OPTIONS', url);
        expect([options.status, options.headers['allow'], options.text]).toEqual([204, allow, '']);
        for (const method of others) {
          const answer = await api.send(method, url);
          expect([method, answer.status, answer.headers['allow']]).toEqual([method, 405, allow]);
          if (method !== 'HEAD') expectProblem(answer, 405, 'method-not-allowed');
        }
      });

      it('are refused before a body is looked at', async () => {
        expectProblem(
          await api.send('PUT', aList(), { body: '{', headers: { 'content-type': 'x/y' } }),
          405,
          'method-not-allowed',
        );
      });

      it('HEAD answers as GET, without a body', async () => {
        const { url, list } = await aTask();
        for (const path of [url, list, `${list}/${freshId()}`]) {
          const [head, get] = [await api.send('HEAD', path), await api.get(path)];
          expect(head.text).toBe('');
          expect([head.status, withoutRequest(head.headers)]).toEqual([get.status, withoutRequest(get.headers)]);
        }
      });
    });

    describe('bodies', () => {
      it.each([
        ['text/plain', 415],
        ['application/xml', 415],
        ['application/json; charset=latin1', 415],
        ['application/json; charset="iso-8859-1"', 415],
        ['application/merge-patch+json', 415],
        ['application/x-www-form-urlencoded', 415],
        ['application/json garbage', 415],
        ['application/json; charset=utf-8', 201],
        ['Application/JSON; charset="UTF-8"', 201],
      ])('of type %s get %i', async (type, status) => {
        const answer = await api.post(aList(), { title: 'a' }, { 'content-type': type });
        expect(answer.status).toBe(status);
        if (status === 415) expectProblem(answer, 415, 'unsupported-media-type');
      });

      it('without a type are refused', async () => {
        const answer = await api.send('POST', aList(), { body: '{"title":"a"}', headers: { 'content-type': '' } });
        expectProblem(answer, 415, 'unsupported-media-type');
      });

      it.each(['gzip', 'identity'])('of encoding %s are refused', async (encoding) => {
        const answer = await api.post(aList(), { title: 'a' }, { 'content-encoding': encoding });
        expectProblem(answer, 415, 'unsupported-media-type');
      });

      it.each([
        ['a trailing comma', '{"title":"a",}'],
        ['a comment', '{"title":"a"} // x'],
        ['single quotes', `{'title':'a'}`],
        ['two documents', '{"title":"a"}{"title":"b"}'],
        ['a list', '[{"title":"a"}]'],
        ['text', '"a"'],
        ['nothing but white space', '  '],
        ['nothing', ''],
        ['a lone surrogate', '{"title":"\\ud800"}'],
        ['U+0000', '{"title":"a\\u0000b"}'],
        ['bytes that are not UTF-8', Buffer.from([...Buffer.from('{"title":"a'), 0xff, 0xfe, ...Buffer.from('"}')])],
        ['an overlong encoding', Buffer.from([...Buffer.from('{"title":"a'), 0xc0, 0xaf, ...Buffer.from('"}')])],
        ['a repeated member', '{"title":"a","title":"b"}'],
        ['a member repeated in another spelling', '{"title":"a","\\u0074itle":"a"}'],
        ['__proto__', '{"title":"a","__proto__":{"x":1}}'],
        ['constructor', '{"title":"a","constructor":{"prototype":{"x":1}}}'],
        ['deep nesting', `{"title":"a","x":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
        ['many unknown members', `{${Array.from({ length: 5_000 }, (_, n) => `"k${n}":1`).join()}}`],
      ])('with %s are refused', async (_what, body) => {
        const list = aList();
        const answer = await api.post(list, body);
        expectProblem(answer, 400, 'invalid-request');
        expect((await api.get(list)).json.tasks).toEqual([]);
        expect(({} as { x?: number }).x).toBeUndefined();
      });

      it('name the repeated member', async () => {
        const { json } = await api.post(aList(), '{"title":"a","completed":true,"completed":false}');
        expect(json.errors).toEqual([{ pointer: '/completed', detail: 'must not be repeated' }]);
      });

      it('name an unknown field by 64 characters at most, as a JSON pointer', async () => {
        const { json } = await api.post(aList(), { title: 'a', 'a/b~c': 1, ['x'.repeat(100)]: 1 });
        expect(json.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
          '/a~1b~0c',
          `/${'x'.repeat(64)}`,
        ]);
      });

      it('may begin with a byte order mark', async () => {
        expect((await api.post(aList(), '\ufeff{"title":"a"}')).json.title).toBe('a');
      });

      it('may have 65,536 bytes and no more', async () => {
        const filled = (bytes: number) => `{"title":"a"${' '.repeat(bytes - 13)}}`;
        expect((await api.post(aList(), filled(65_536))).status).toBe(201);
        expectProblem(await api.post(aList(), filled(65_537)), 413, 'body-too-large');
      });
    });

    describe('paths', () => {
      it.each([
        '/',
        '/nope',
        '/api',
        '/API/a/tasks',
        '//api/a/tasks',
        '/api/a/tasks/',
        '/api/a/task',
        `/api/a/tasks/${freshId()}/`,
        `/api/a/tasks/${freshId()}/nope`,
        `/api/a/tasks/${freshId()}/complete/`,
      ])('%s is no route', async (path) => {
        expectProblem(await api.get(path), 404, 'route-not-found');
        expectProblem(await api.post(path, '{', { 'content-type': 'x/y' }), 404, 'route-not-found');
      });

      it('without an owner are no list', async () => {
        expect([400, 404]).toContain((await api.get('/api//tasks')).status);
      });

      it.each(['/api/%zz/tasks', '/api/%/tasks', '/api/%ff/tasks'])('%s is refused', async (path) => {
        const answer = await api.get(path);
        expectProblem(answer, 400, 'invalid-request');
        expect(answer.json.errors).toEqual([{ parameter: 'path', detail: 'must be percent-encoded UTF-8' }]);
      });

      it('may have 8 KiB and no more', async () => {
        const list = aList();
        const path = (length: number) => `${list}?${'x'.repeat(length - list.length - 1)}`;
        expectProblem(await api.get(path(8_192)), 400, 'invalid-request');
        expectProblem(await api.get(path(8_193)), 414, 'uri-too-long');
      });
    });

    describe('every answer', () => {
      it('carries a request id of its own, which a client cannot choose', async () => {
        const first = await api.get(aList(), { headers: { 'x-request-id': 'mine', 'request-id': 'mine' } });
        const second = await api.get('/nope');
        expect(first.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
        expect(second.json.request_id).toBe(second.headers['x-request-id']);
        expect(first.headers['x-request-id']).not.toBe(second.headers['x-request-id']);
      });

      it('is JSON whatever is accepted, not to be sniffed', async () => {
        const { headers } = await api.get(aList(), { headers: { accept: 'application/xml' } });
        expect(headers).toMatchObject({
          'content-type': 'application/json; charset=utf-8',
          'x-content-type-options': 'nosniff',
          'cache-control': 'private, no-cache',
        });
      });

      it('never shows a host that a client made up', async () => {
        const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
        const list = aList();
        const created = await api.post(list, { title: 'a' }, headers);
        await api.post(list, { title: 'b' });
        const page = await api.send('GET', `${list}?limit=1`, { headers });
        expect(`${created.headers['location']} ${page.headers['link']}`).not.toContain('evil');
      });
    });

    it('is alive and ready', async () => {
      expect((await api.get('/livez')).json).toEqual({ status: 'alive' });
      expect((await api.get('/readyz')).json).toEqual({ status: 'ready' });
      for (const url of ['/livez', '/readyz']) {
        expect((await api.send('OPTIONS', url)).headers['allow']).toBe('GET, HEAD, OPTIONS');
        expectProblem(await api.post(url), 405, 'method-not-allowed');
      }
    });
  });
}

export function expectProblem({ status, headers, json, text }: Answer, expected: number, code: string): void {
  expect([status, json?.code]).toEqual([expected, code]);
  expect(headers['content-type']).toBe('application/problem+json');
  expect(json).toMatchObject({
    type: `urn:task-service:problem:${code}`,
    title: expect.any(String),
    status: expected,
    detail: expect.any(String),
    request_id: headers['x-request-id'],
  });
  expect(text).not.toMatch(/select|insert|node_modules|\.ts|at Object/);
}

const titlesOf = (page: { tasks: { title: string }[] }): string[] => page.tasks.map(({ title }) => title);

function withoutRequest({ ...headers }: Record<string, unknown>): Record<string, unknown> {
  delete headers['x-request-id'];
  delete headers['date'];
  return headers;
}

/** All that a client sees, but for the request id. */
const comparable = ({ status, headers, text }: Answer) => ({
  status,
  headers: withoutRequest(headers),
  text: text.replaceAll(String(headers['x-request-id']), ''),
});
