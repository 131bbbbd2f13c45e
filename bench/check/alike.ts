import { isDeepStrictEqual } from 'node:util';
import type { Probe } from './probes.ts';

/** The part of a response that must be the same for all programs. */
export interface Observed {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | null>>;
  readonly body: unknown;
}

const NAMED = ['content-type', 'etag', 'cache-control', 'x-content-type-options'];
const PRESENT = ['x-request-id', 'link'];
/** Each program chooses these values. Only their kind is compared. */
const OWN = ['id', 'created_at', 'updated_at', 'completed_at', 'location', 'next_cursor'];
const LOADED_BEFORE = '2025-02-01';
const MAX_LENGTH = 400;
const COMPARED_OF_PROBLEM = ['type', 'status', 'code', 'current'];

/** Of a problem document, only the code and the current task are compared. */
export async function send(port: number, { method, path, headers = {}, body }: Probe): Promise<Observed> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  const named = NAMED.map((name) => [name, response.headers.get(name)]);
  const present = PRESENT.map((name) => [name, response.headers.has(name) ? 'present' : null]);
  const location = response.headers.get('location')?.replace(/[0-9a-f-]{36}$/, '(an id)') ?? null;
  const parsed: unknown = text === '' ? undefined : JSON.parse(text);
  return {
    status: response.status,
    headers: { ...Object.fromEntries([...named, ...present]), location },
    body: comparable(response.status < 400 ? parsed : only(COMPARED_OF_PROBLEM, parsed)),
  };
}

function only(names: readonly string[], body: unknown): unknown {
  return Object.fromEntries(Object.entries(body as object).filter(([name]) => names.includes(name)));
}

/** Replaces values that each program chooses by their kind. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  const isLoaded = 'created_at' in value && String(value.created_at) < LOADED_BEFORE;
  const entries = Object.entries(value).map(([name, one]) => {
    const isOwn = OWN.includes(name) && one !== null && !(isLoaded && (name === 'id' || name === 'created_at'));
    return [name, isOwn ? kindOf(String(one)) : comparable(one)];
  });
  return Object.fromEntries(entries);
}

function kindOf(text: string): string {
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(text)) return 'UUIDv7';
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)) return 'timestamp';
  return 'text';
}

/** @returns the first difference, `undefined` if there is none */
export function differenceOf(one: Observed, other: Observed): string | undefined {
  const parts = ['status', 'headers', 'body'] as const;
  const part = parts.find((name) => !isDeepStrictEqual(one[name], other[name]));
  const shown = (observed: unknown) => JSON.stringify(observed)?.slice(0, MAX_LENGTH);
  return part && `${part} ${shown(other[part])} instead of ${shown(one[part])}`;
}
