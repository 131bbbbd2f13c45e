import { isDeepStrictEqual } from 'node:util';
import type { Probe } from './probes.ts';

/** What must be alike in two answers to the same probe. */
export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | null>>;
  readonly body: unknown;
}

const NAMED = ['content-type', 'etag', 'cache-control', 'x-content-type-options'];
const PRESENT = ['x-request-id', 'link'];
/** When and under which id something was done is each program's own; that it says so is not. */
const OWN = ['id', 'created_at', 'updated_at', 'completed_at', 'location', 'next_cursor'];
const LOADED_BEFORE = '2025-02-01';
/** Of an answer that differs. */
const SHOWN = 400;
const FAULT = ['type', 'title', 'status', 'code', 'current'];

/** Asks one program. Bodies of problems count by their code, and by the task that they show. */
export async function ask(port: number, { method, path, headers = {}, body }: Probe): Promise<Told> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  const named = NAMED.map((name) => [name, response.headers.get(name)]);
  const present = PRESENT.map((name) => [name, response.headers.has(name) ? 'there' : null]);
  const location = response.headers.get('location')?.replace(/[0-9a-f-]{36}$/, '(an id)') ?? null;
  const parsed: unknown = text === '' ? undefined : JSON.parse(text);
  return {
    status: response.status,
    headers: { ...Object.fromEntries([...named, ...present]), location },
    body: comparable(response.status < 400 ? parsed : only(FAULT, parsed)),
  };
}

function only(names: readonly string[], body: unknown): unknown {
  return Object.fromEntries(Object.entries(body as object).filter(([name]) => names.includes(name)));
}

/** Values that each program chooses by itself become their kind. */
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
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(text)) return 'a UUID of version 7';
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)) return 'a time';
  return 'a text';
}

/** @returns where two answers differ, in words */
export function differenceOf(one: Told, other: Told): string | undefined {
  const parts = ['status', 'headers', 'body'] as const;
  const part = parts.find((name) => !isDeepStrictEqual(one[name], other[name]));
  const shown = (told: unknown) => JSON.stringify(told)?.slice(0, SHOWN);
  return part && `${part} ${shown(other[part])} instead of ${shown(one[part])}`;
}
