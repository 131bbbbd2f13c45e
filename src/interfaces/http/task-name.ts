import type { IncomingHttpHeaders } from 'node:http';
import type { TaskName } from '../../application/create-task.ts';
import type { TaskId } from '../../domain/ids.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { invalidRequest, type Problem } from './problem.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;
const QUOTED_STRING = /^"((?:[^"\\]|\\["\\])*)"$/;

/** How the client names the task that it creates: by an id in the body, or by a key from which one is derived. */
export function taskNameOf(headers: IncomingHttpHeaders, id: TaskId | undefined): Result<TaskName, Problem> {
  const header = headers['idempotency-key'];
  if (header === undefined) return ok(id && { id: id.toLowerCase() as TaskId });
  if (id !== undefined) return fail(invalidRequest([{ pointer: '/id', detail: 'must not come with Idempotency-Key' }]));

  const key = unquoted(String(header));
  return key !== undefined && KEY.test(key) ? ok({ key }) : fail(invalidKey);
}

/** `k` and `"k"` are one key; `undefined` if what begins like a quoted string (RFC 8941) is none. */
const unquoted = (value: string): string | undefined =>
  value.startsWith('"') ? QUOTED_STRING.exec(value)?.[1]?.replaceAll(/\\(.)/g, '$1') : value;

const invalidKey = invalidRequest([
  { header: 'idempotency-key', detail: 'must be 1 to 255 visible ASCII characters, bare or in double quotes' },
]);
