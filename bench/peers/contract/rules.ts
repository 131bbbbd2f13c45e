import type { Content } from './tasks.ts';

export const USER = /^(?!\.{1,2}$)[A-Za-z0-9._~@:|+=-]{1,255}$/;
export const ID = /^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/;
export const SINCE = /^(0|[1-9][0-9]*)$/;
const VISIBLE = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}]/u;
const FIELDS = ['title', 'description', 'completed'];

const isText = (value: unknown, maxLength: number): value is string =>
  typeof value === 'string' &&
  (value.length <= maxLength || [...value].length <= maxLength) &&
  value.isWellFormed() &&
  !value.includes('\0');

/** For frameworks without validation. @returns `undefined` if the body is not valid */
export function contentOf(body: unknown, isReplacement: boolean): Content | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  if (!Object.keys(body).every((name) => FIELDS.includes(name))) return undefined;
  if (isReplacement && !FIELDS.every((name) => name in body)) return undefined;
  const { title, description = null, completed = false } = body as Record<string, unknown>;
  if (!isText(title, 255) || !VISIBLE.test(title)) return undefined;
  if (description !== null && !isText(description, 4_000)) return undefined;
  if (typeof completed !== 'boolean') return undefined;
  return { title, description, completed };
}
