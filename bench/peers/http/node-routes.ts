import type { IncomingMessage } from 'node:http';
import { changesAfter, toListAnswer, toListQuery } from '../contract/lists.ts';
import { type ProblemCode, statusOf } from '../contract/problems.ts';
import { contentOf, ID, OWNER, SINCE } from '../contract/rules.ts';
import { etagOf, revisionOf, toTaskJson } from '../contract/task-json.ts';
import type { TaskRow, Tasks } from '../contract/tasks.ts';

export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: object;
  readonly problem?: { readonly code: ProblemCode; readonly current?: TaskRow };
}

const BODY_LIMIT = 65_536;

const PATH = /^\/api\/([^/?]+)\/tasks(?:\/([^/?]+))?(\/complete)?(?:\?(.*))?$/;

export async function route(tasks: Tasks, request: IncomingMessage): Promise<Answer> {
  const [, name, id, action, query = ''] = PATH.exec(request.url ?? '') ?? [];
  if (name === undefined) return refusal('route-not-found');
  const owner = decodeURIComponent(name);
  if (!OWNER.test(owner)) return refusal('invalid-request');
  const operation = `${request.method}${id === undefined ? '' : id === 'changes' ? ' changes' : ' one'}${action ?? ''}`;
  if (operation.includes(' one') && !ID.test(id ?? '')) return refusal('invalid-request');
  const known = request.headers['if-none-match'];
  switch (operation) {
    case 'GET':
      return list(tasks, owner, Object.fromEntries(new URLSearchParams(query)), known);
    case 'POST':
      return create(tasks, owner, await bodyOf(request));
    case 'GET changes':
      return changes(tasks, owner, new URLSearchParams(query).get('since') ?? '0');
    case 'GET one':
      return one(await tasks.find(owner, id ?? ''), known);
    case 'PUT one':
      return replace(tasks, owner, id ?? '', request);
    case 'PATCH one/complete':
      return one(await tasks.toggle(owner, id ?? ''));
    default:
      return refusal('route-not-found');
  }
}

async function list(tasks: Tasks, owner: string, parameters: object, known: string | undefined): Promise<Answer> {
  const query = toListQuery(parameters);
  if (typeof query === 'string') return refusal('invalid-request');
  if (known !== undefined) {
    const etag = etagOf((await tasks.counter(owner)).revision);
    if (known === etag) return { status: 304, headers: { etag } };
  }
  const { etag, link, body } = toListAnswer(owner, query, await tasks.list(owner, query), parameters);
  return { status: 200, headers: { etag, ...(link !== undefined && { link }) }, body };
}

async function changes(tasks: Tasks, owner: string, since: string): Promise<Answer> {
  if (!SINCE.test(since)) return refusal('invalid-request');
  const answer = await changesAfter(tasks, owner, since);
  if (answer === undefined) return refusal('resync-required');
  return { status: 200, headers: { etag: answer.etag }, body: answer.body };
}

async function create(tasks: Tasks, owner: string, body: unknown): Promise<Answer> {
  const content = contentOf(body, false);
  if (content === undefined) return refusal('invalid-request');
  const task = await tasks.create(owner, content);
  const location = `/api/${encodeURIComponent(owner)}/tasks/${task.id}`;
  return { status: 201, headers: { etag: etagOf(task.revision), location }, body: toTaskJson(task) };
}

async function replace(tasks: Tasks, owner: string, id: string, request: IncomingMessage): Promise<Answer> {
  const content = contentOf(await bodyOf(request), true);
  if (content === undefined) return refusal('invalid-request');
  const task = await tasks.replace(owner, id, content, revisionOf(request.headers['if-match']));
  if (task !== undefined) return one(task);
  const current = await tasks.find(owner, id);
  return current === undefined ? refusal('task-not-found') : refusal('revision-mismatch', current);
}

function one(task: TaskRow | undefined, known?: string): Answer {
  if (task === undefined) return refusal('task-not-found');
  const etag = etagOf(task.revision);
  return known === etag
    ? { status: 304, headers: { etag } }
    : { status: 200, headers: { etag }, body: toTaskJson(task) };
}

/** @returns nothing where the body is not JSON, or too large */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > BODY_LIMIT) return undefined;
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return undefined;
  }
}

export const refusal = (code: ProblemCode, current?: TaskRow): Answer => ({
  status: statusOf(code),
  problem: { code, ...(current && { current }) },
  ...(current && { headers: { etag: etagOf(current.revision) } }),
});
