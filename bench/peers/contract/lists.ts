import { etagOf, toTaskJson } from './task-json.ts';
import type { ListQuery, Page, Position, TaskRow, Tasks } from './tasks.ts';

interface Parameters {
  readonly limit?: string | undefined;
  readonly cursor?: string | undefined;
  readonly q?: string | undefined;
}

const DEFAULT_LIMIT = 100;
const DEFAULT_CHANGES_LIMIT = 500;

export const cursorOf = ({ createdAt, id }: Position): string =>
  Buffer.from(`${createdAt.getTime()}_${id}`).toString('base64url');

function positionOf(cursor: string): Position | undefined {
  const [, time, id] = /^(\d{1,15})_([0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  return id === undefined ? undefined : { createdAt: new Date(Number(time)), id };
}

/** @returns the query, or the name of the invalid parameter */
export function toListQuery({ limit, cursor, q }: Parameters): ListQuery | 'limit' | 'cursor' | 'q' {
  const count = limitOf(limit, DEFAULT_LIMIT);
  const after = cursor === undefined ? undefined : positionOf(cursor);
  if (count === undefined) return 'limit';
  if (cursor !== undefined && after === undefined) return 'cursor';
  if (q !== undefined && (q.length < 1 || q.length > 200)) return 'q';
  return { limit: count, after, text: q };
}

function limitOf(text: string | undefined, standard: number): number | undefined {
  if (text === undefined) return standard;
  return /^([1-9][0-9]{0,2}|1000)$/.test(text) ? Number(text) : undefined;
}

export interface ListReply {
  readonly etag: string;
  readonly link: string | undefined;
  readonly body: object;
}

export function toListReply(user: string, { limit }: ListQuery, { rows, revision }: Page, parameters: Parameters) {
  const tasks = rows.slice(0, limit);
  const last = rows.length > limit ? tasks.at(-1) : undefined;
  const next_cursor = last === undefined ? null : cursorOf({ createdAt: last.created_at, id: last.id });
  const link = next_cursor === null ? undefined : linkTo(user, { ...parameters, cursor: next_cursor });
  const body = { tasks: tasks.map(toTaskJson), next_cursor, revision };
  return { etag: etagOf(revision), link, body } satisfies ListReply;
}

function linkTo(user: string, parameters: Parameters): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return `</api/${encodeURIComponent(user)}/tasks?${new URLSearchParams(given)}>; rel="next"`;
}

/** At the end of the feed, reads the counter only. @returns `undefined` if the client must resync */
export async function changesAfter(tasks: Tasks, user: string, since: string): Promise<ListReply | undefined> {
  const seen = Number(since);
  const { revision, purgedRevision } = await tasks.counter(user);
  if (seen > revision || seen < purgedRevision) return undefined;
  const rows: readonly TaskRow[] = seen === revision ? [] : await tasks.changes(user, seen, DEFAULT_CHANGES_LIMIT + 1);
  const changes = rows.slice(0, DEFAULT_CHANGES_LIMIT);
  const reached = Number(changes.at(-1)?.revision ?? revision);
  const has_more = rows.length > DEFAULT_CHANGES_LIMIT;
  const body = { changes: changes.map(toTaskJson), revision: reached, has_more };
  return { etag: etagOf(reached), link: undefined, body };
}
