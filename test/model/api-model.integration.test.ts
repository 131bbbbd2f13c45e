import fc from 'fast-check';
import { afterAll, expect, inject, it } from 'vitest';
import type { Clock, IdGenerator, TaskRepository } from '../../src/application/ports.ts';
import type { TaskId, UserId } from '../../src/domain/ids.ts';
import { alwaysReady } from '../../src/infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from '../../src/infrastructure/memory/in-memory-task-repository.ts';
import { type Answer, Api } from '../support/api.ts';
import { freshOwner } from '../support/owners.ts';
import { serverOn } from '../support/server.ts';
import { at, freshId, ids } from '../support/tasks.ts';
import { openTasks } from '../support/tasks-in-database.ts';
import { type PlannedRequest, plannedRequests } from './requests.ts';

const RUNS = Number(process.env['MODEL_RUNS'] ?? 40);

const inDatabase = openTasks(inject('databaseUrl'));
afterAll(inDatabase.close);

/** The same requests to two servers, of which one keeps its tasks in memory: what that one answers is right. */
class Pair {
  readonly owners: UserId[] = [freshOwner(), freshOwner()];
  readonly tasks: TaskId[] = [freshId(), freshId(), freshId()];
  readonly revisions = new Map<string, number>();
  readonly #drawn: TaskId[] = [];
  readonly #model = this.#serverOn(new InMemoryTaskRepository());
  readonly #actual = this.#serverOn(inDatabase.tasks);
  #time = 0;

  /** Both draw the same ids and see the same time. */
  #serverOn(tasks: TaskRepository): Api {
    let next = 0;
    const drawn = this.#drawn;
    const generator: IdGenerator = {
      next() {
        drawn[next] ??= freshId();
        return drawn[next++] as TaskId;
      },
      derive: (owner, key) => ids.derive(owner, key),
    };
    const clock: Clock = { now: () => at(this.#time) };
    return new Api(serverOn(tasks, alwaysReady, { clock, ids: generator }));
  }

  async send(method: string, url: string, body: object | undefined, headers: Record<string, string>): Promise<Answer> {
    // Some requests fall into one millisecond.
    this.#time += url.length % 3;
    const expected = await this.#model.send(method, url, { body, headers });
    const answer = await this.#actual.send(method, url, { body, headers });
    expect({ method, url, ...comparable(answer) }).toEqual({ method, url, ...comparable(expected) });
    return expected;
  }
}

const comparable = ({ status, headers, json }: Answer) => ({
  status,
  json: json && { ...json, request_id: undefined },
  etag: headers['etag'],
  link: headers['link'],
  location: headers['location'],
  replayed: headers['idempotency-replayed'],
});

async function perform(pair: Pair, { owner, task, what, tag }: PlannedRequest): Promise<void> {
  const list = `/api/${pair.owners[owner]}/tasks`;
  const id = pair.tasks[task] as TaskId;
  const url = `${list}/${id}`;
  const headers = headersFor(tag, pair.revisions.get(url), pair.revisions.get(list));
  const remember = ({ json }: Answer) => {
    if (json?.revision === undefined) return;
    pair.revisions.set(list, Math.max(json.revision, pair.revisions.get(list) ?? 0));
    if (json.id === id) pair.revisions.set(url, json.revision);
  };
  switch (what.kind) {
    case 'create': {
      const key: Record<string, string> =
        what.by === 'key' ? { 'idempotency-key': `key ${task}`.replace(' ', '-') } : {};
      return remember(await pair.send('POST', list, { ...what.body, ...(what.by === 'id' && { id }) }, key));
    }
    case 'put':
      return remember(await pair.send('PUT', url, what.body, headers));
    case 'patch':
      return remember(await pair.send('PATCH', url, what.body, headers));
    case 'complete':
      return remember(await pair.send('PATCH', `${url}/complete`, what.body, headers));
    case 'restore':
      return remember(await pair.send('POST', `${url}/restore`, undefined, headers));
    case 'delete':
      return remember(await pair.send('DELETE', url, undefined, headers));
    case 'get':
      return remember(await pair.send('GET', url, undefined, forReading(headers)));
    case 'list': {
      const first = await pair.send(
        'GET',
        `${list}?${new URLSearchParams(what.query)}`,
        undefined,
        forReading(headers),
      );
      const next = /^<(.+)>/.exec(String(first.headers['link']))?.[1];
      if (what.follow && next !== undefined) await pair.send('GET', next, undefined, {});
      return remember(first);
    }
    case 'changes': {
      const since =
        what.behind === undefined ? '' : `&since=${Math.max(0, (pair.revisions.get(list) ?? 0) - what.behind)}`;
      return remember(await pair.send('GET', `${list}/changes?limit=${what.limit}${since}`, undefined, {}));
    }
  }
}

function headersFor(tag: PlannedRequest['tag'], revision = 1, ofTheList = 1): Record<string, string> {
  switch (tag) {
    case 'none':
      return {};
    case 'any':
      return { 'if-match': '*' };
    case 'current':
      return { 'if-match': `"${revision}"` };
    case 'stale':
      return { 'if-match': `W/"${revision - 1}"` };
    case 'foreign':
      return { 'if-match': `"x", "${ofTheList}"` };
  }
}

const forReading = (headers: Record<string, string>): Record<string, string> =>
  headers['if-match'] === undefined ? {} : { 'if-none-match': headers['if-match'] };

it(`PostgreSQL and memory give the same answers to ${RUNS} sequences of requests`, { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(plannedRequests, async (requests) => {
      const pair = new Pair();
      for (const request of requests) await perform(pair, request);
      for (const owner of pair.owners) {
        for (const rest of ['', '?deleted=true', '/changes', '/changes?since=0']) {
          await pair.send('GET', `/api/${owner}/tasks${rest}`, undefined, {});
        }
      }
    }),
    { numRuns: RUNS },
  );
});
