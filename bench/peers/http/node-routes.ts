import type { IncomingMessage } from 'node:http';
import { changesAfter, toListQuery, toListReply } from '../contract/lists.ts';
import { type ProblemCode, statusOf } from '../contract/problems.ts';
import { contentOf, ID, SINCE, USER } from '../contract/rules.ts';
import { etagOf, revisionOf, toTaskJson } from '../contract/task-json.ts';
import type { TaskRow, Tasks } from '../contract/tasks.ts';

export interface Reply {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: object;
  readonly problem?: { readonly code: ProblemCode; readonly current?: TaskRow };
}

const BODY_LIMIT = 65_536;

const PATH = /^\/api\/([^/?]+)\/tasks(?:\/([^/?]+))?(\/complete)?(?:\?(.*))?$/;

export async function route(tasks: Tasks, request: IncomingMessage): Promise<Reply> {
  const [, name, id, action, query = ''] = PATH.exec(request.url ?? '') ?? [];
  if (name === undefined) return rejection('route-not-found');
  const user = decodeURIComponent(name);
  if (!USER.test(user)) return rejection('invalid-request');
  const operation = `${request.method}${id === undefined ? '' : id === 'changes' ? ' changes' : ' one'}${action ?? ''}`;
  if (operation.includes(' one') && !ID.test(id ?? '')) return rejection('invalid-request');
  const known = request.headers['if-none-match'];
  switch (operation) {
    case 'GET':
      return list(tasks, user, Object.fromEntries(new URLSearchParams(query)), known);
    case 'POST':
      return create(tasks, user, await bodyOf(request));
    case 'GET changes':
      return changes(tasks, user, new URLSearchParams(query).get('since') ?? '0');
    case 'GET one':
      return one(await tasks.find(user, id ?? ''), known);
    case 'PUT one':
      return replace(tasks, user, id ?? '', request);
    case 'PATCH one/complete':
      return one(await tasks.toggle(user, id ?? ''));
    default:
      return rejection('route-not-found');
  }
}

async function list(tasks: Tasks, user: string, parameters: object, known: string | undefined): Promise<Reply> {
  const query = toListQuery(parameters);
  if (typeof query === 'string') return rejection('invalid-request');
  if (known !== undefined) {
    const etag = etagOf((await tasks.counter(user)).revision);
    if (known === etag) return { status: 304, headers: { etag } };
  }
  const { etag, link, body } = toListReply(user, query, await tasks.list(user, query), parameters);
  return { status: 200, headers: { etag, ...(link !== undefined && { link }) }, body };
}

async function changes(tasks: Tasks, user: string, since: string): Promise<Reply> {
  if (!SINCE.test(since)) return rejection('invalid-request');
  const reply = await changesAfter(tasks, user, since);
  if (reply === undefined) return rejection('resync-required');
  return { status: 200, headers: { etag: reply.etag }, body: reply.body };
}

async function create(tasks: Tasks, user: string, body: unknown): Promise<Reply> {
  const content = contentOf(body, false);
  if (content === undefined) return rejection('invalid-request');
  const task = await tasks.create(user, content);
  const location = `/api/${encodeURIComponent(user)}/tasks/${task.id}`;
  return { status: 201, headers: { etag: etagOf(task.revision), location }, body: toTaskJson(task) };
}

async function replace(tasks: Tasks, user: string, id: string, request: IncomingMessage): Promise<Reply> {
  const content = contentOf(await bodyOf(request), true);
  if (content === undefined) return rejection('invalid-request');
  const task = await tasks.replace(user, id, content, revisionOf(request.headers['if-match']));
  if (task !== undefined) return one(task);
  const current = await tasks.find(user, id);
  return current === undefined ? rejection('task-not-found') : rejection('revision-mismatch', current);
}

function one(task: TaskRow | undefined, known?: string): Reply {
  if (task === undefined) return rejection('task-not-found');
  const etag = etagOf(task.revision);
  return known === etag
    ? { status: 304, headers: { etag } }
    : { status: 200, headers: { etag }, body: toTaskJson(task) };
}

/** @returns `undefined` if the body is not JSON or too large */
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

export const rejection = (code: ProblemCode, current?: TaskRow): Reply => ({
  status: statusOf(code),
  problem: { code, ...(current && { current }) },
  ...(current && { headers: { etag: etagOf(current.revision) } }),
});
