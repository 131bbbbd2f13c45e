import type { RawAnswer } from '../../support/raw-connection.ts';
import type { FuzzedRequest } from './requests.ts';

type Json = Readonly<Record<string, unknown>>;

interface Kept {
  readonly task: Json;
  readonly isDeleted: boolean;
}

/** The tasks of some owners, as the answers tell them, and which answers can follow from that. */
export class Model {
  readonly #tasks = new Map<string, Kept>();

  /** Statuses that a request may get which nothing is wrong with. */
  statusesOf({ route, id, headers }: FuzzedRequest, owner: string): readonly number[] {
    const { method, path } = route;
    if (path.endsWith('/changes')) return [200, 304, 410];
    if (method === 'POST' && !path.endsWith('/restore')) return [201, 409, 410, 422];
    if (!path.includes(':id')) return [200, 304];

    const kept = this.#tasks.get(keyOf(owner, id));
    if (kept === undefined || (kept.isDeleted && !path.endsWith('/restore'))) return [404];
    const [condition, value = ''] = headers.find(([name]) => name.endsWith('-Match')) ?? [];
    // The revision of a deletion is not told with the deletion.
    if (kept.isDeleted && condition === 'If-Match' && value !== '*') return [200, 412];
    const matches = value === '*' || value.includes(`"${kept.task['revision']}"`);
    if (condition === 'If-None-Match' && matches) return [304];
    if (condition === 'If-Match' && !matches) return [412];
    return [method === 'DELETE' ? 204 : 200];
  }

  /** Takes over what an answer tells of the task that was written. @returns what it says otherwise than was asked for */
  learn({ route, id, body }: FuzzedRequest, { status, json, headers }: RawAnswer, owner: string): string[] {
    const key = keyOf(owner, json?.id ?? id);
    const earlier = this.#tasks.get(key);
    if (status === 204 && earlier !== undefined) this.#tasks.set(key, { ...earlier, isDeleted: true });
    if (json?.id === undefined)
      return status === 412
        ? differences(earlier?.task ?? {}, json.current, ['deleted_at', 'updated_at', 'revision'])
        : [];

    this.#tasks.set(key, { task: json, isDeleted: false });
    const isWrite = route.method !== 'GET' && headers['idempotency-replayed'] === undefined;
    const sent = body.kind === 'members' && isWrite ? Object.fromEntries(body.members) : {};
    if (typeof sent['id'] === 'string') sent['id'] = sent['id'].toLowerCase();
    if (!isWrite || (route.method === 'POST' && earlier === undefined))
      return differences({ ...sent, user_id: owner }, json);
    // What was not named stays.
    const { completed, completed_at, updated_at, revision, ...kept } = earlier?.task ?? {};
    return differences({ ...kept, ...sent, user_id: owner }, json);
  }

  /** Each task with the path that leads to it, and `undefined` for one that is deleted. */
  *tasks(): Generator<[path: string, task: Json | undefined]> {
    for (const [key, { task, isDeleted }] of this.#tasks) yield [key, isDeleted ? undefined : task];
  }
}

const keyOf = (owner: string, id: string): string => `/api/${encodeURIComponent(owner)}/tasks/${id.toLowerCase()}`;

const differences = (expected: Json, actual: Json, except: readonly string[] = []): string[] =>
  Object.keys(expected).filter((name) => !except.includes(name) && expected[name] !== actual[name]);
