import { afterAll, expect, inject, it } from 'vitest';
import { alwaysReady } from '../../src/infrastructure/memory/always-ready.ts';
import { type Answer, Api } from '../support/api.ts';
import { freshOwner } from '../support/owners.ts';
import { serverOn } from '../support/server.ts';
import { openTasks } from '../support/tasks-in-database.ts';

const WORKERS = 16;
const TASKS = 10;
const OPERATIONS = Number(process.env['HISTORY_OPERATIONS'] ?? 5_000);

const { tasks, close } = openTasks(inject('databaseUrl'));
afterAll(close);
const http = serverOn(tasks, alwaysReady);
const api = new Api(http);

interface Success {
  readonly url: string;
  readonly kind: 'increment' | 'toggle';
  /** The revision that was named by If-Match. */
  readonly base: number | undefined;
  readonly revision: number;
}

/** Adds one to the number in the description, if nobody changed the task since it was read. */
async function increment(url: string): Promise<Success | undefined> {
  const read = await api.get(url);
  const guarded = new Api(http, { 'if-match': read.headers['etag'] as string });
  const answer = await guarded.patch(url, { description: String(Number(read.json.description) + 1) });
  return successOf(answer, url, 'increment', read.json.revision);
}

const toggle = async (url: string): Promise<Success | undefined> =>
  successOf(await api.patch(`${url}/complete`), url, 'toggle', undefined);

function successOf({ status, json }: Answer, url: string, kind: Success['kind'], base: number | undefined) {
  if (status === 200) return { url, kind, base, revision: json.revision as number };
  expect([status, json.code]).toEqual([412, 'revision-mismatch']);
  expect(json.current.revision).toBeGreaterThan(base ?? 0);
  return undefined;
}

it(`${OPERATIONS} operations of ${WORKERS} workers on ${TASKS} tasks lose no update and fork no history`, {
  timeout: 600_000,
}, async () => {
  const list = `/api/${freshOwner()}/tasks`;
  const urls: string[] = [];
  for (let n = 0; n < TASKS; n++) {
    urls.push((await api.post(list, { title: `task ${n}`, description: '0' })).headers['location'] as string);
  }
  const successes: Success[] = [];
  let begun = 0;
  const work = async () => {
    while (begun < OPERATIONS) {
      const n = begun++;
      const url = urls[(n * 7) % TASKS] as string;
      const success = await (n % 3 === 0 ? toggle(url) : increment(url));
      if (success !== undefined) successes.push(success);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));

  const revisions = successes.map(({ revision }) => revision);
  expect(new Set(revisions).size).toBe(revisions.length);
  const bases = successes.flatMap(({ url, base }) => (base === undefined ? [] : [`${url} ${base}`]));
  expect(new Set(bases).size).toBe(bases.length);
  for (const url of urls) {
    const of = (kind: Success['kind']) => successes.filter((success) => success.url === url && success.kind === kind);
    const { json: task } = await api.get(url);
    expect([task.description, task.completed]).toEqual([String(of('increment').length), of('toggle').length % 2 === 1]);
    expect(task.revision).toBe(
      Math.max(...successes.filter((success) => success.url === url).map(({ revision }) => revision)),
    );
  }
  expect(successes.length).toBeGreaterThan(OPERATIONS / 10);
});
