import type { Bytes } from '../../support/raw-connection.ts';
import { bodyWith, CANARY, invalid, type Row, request, WRITES } from './row.ts';

const quoted = (...bytes: number[]): Buffer =>
  Buffer.from([...Buffer.from(`"${CANARY}`), ...bytes, ...Buffer.from('"')]);

/** Of a title and of a description alike, in the place of a string. */
const NO_TEXT: readonly (readonly [name: string, literal: Bytes])[] = [
  ['U+0000', `"${CANARY}\\u0000"`],
  ['a high surrogate alone', `"${CANARY}\\ud800"`],
  ['a low surrogate alone', `"\\udc00${CANARY}"`],
  ['surrogates in the wrong order', `"${CANARY}\\udc00\\ud800"`],
  ['a number', '123'],
  ['a number beyond what is exact', '9007199254740993'],
  ['a boolean', 'true'],
  ['a list', `["${CANARY}"]`],
  ['an object', `{"${CANARY}":1}`],
];

/** What makes the whole body unreadable. */
const NO_JSON: readonly (readonly [name: string, literal: Bytes])[] = [
  ['the bytes FF FE', quoted(0xff, 0xfe)],
  ['an overlong encoding', quoted(0xc0, 0xaf)],
  ['a character that is cut short', quoted(0xf0, 0x9f, 0x98)],
  ['a surrogate in UTF-8', quoted(0xed, 0xa0, 0x80)],
  ['a character beyond U+10FFFF', quoted(0xf4, 0x90, 0x80, 0x80)],
  ['a continuation byte alone', quoted(0x80)],
  ['Latin-1', quoted(0xe9)],
  ['a line feed that is not escaped', quoted(0x0a)],
  ['a NUL that is not escaped', quoted(0x00)],
  ['an escape that JSON does not have', `"${CANARY}\\x41"`],
];

const NO_TITLE: readonly (readonly [name: string, literal: Bytes])[] = [
  ['null', 'null'],
  ['nothing', '""'],
  ['white space', '" \\t\\n\u00a0\u2003\u3000"'],
  ['zero-width characters', '"\u200b\u200d\u2060\ufeff"'],
  ['256 characters', `"${'x'.repeat(256)}"`],
  ['256 characters beyond the BMP', `"${'𝒳'.repeat(256)}"`],
  ['a letter with 5,000 accents', `"e${'\u0301'.repeat(5_000)}"`],
];

const NO_DESCRIPTION: readonly (readonly [name: string, literal: Bytes])[] = [
  ['4,001 characters', `"${'x'.repeat(4_001)}"`],
  ['4,001 characters beyond the BMP', `"${'𝒳'.repeat(4_001)}"`],
  ['a letter with 5,000 accents', `"e${'\u0301'.repeat(5_000)}"`],
];

const NO_BOOLEAN: readonly (readonly [name: string, literal: Bytes])[] = [
  ['text', '"false"'],
  ['0', '0'],
  ['1', '1'],
  ['null', 'null'],
  ['a list', '[]'],
  ['an object', '{}'],
];

const rowsOf = (
  member: string,
  literals: readonly (readonly [string, Bytes])[],
  fault = `/${member}`,
  writes = WRITES,
): Row[] =>
  literals.flatMap(([name, literal]) =>
    writes.map(([method, path]) => ({
      name: `${method} with ${name} as ${member}`,
      bytes: (target) => request(method, path(target), { body: bodyWith(member, literal) }),
      ...invalid,
      faults: [fault],
    })),
  );

export const REFUSED_TEXTS: readonly Row[] = [
  ...['title', 'description'].flatMap((member) => [...rowsOf(member, NO_TEXT), ...rowsOf(member, NO_JSON, '')]),
  ...rowsOf('title', NO_TITLE),
  ...rowsOf('description', NO_DESCRIPTION),
  ...rowsOf('completed', NO_BOOLEAN),
  ...NO_BOOLEAN.map(
    ([name, literal]): Row => ({
      name: `complete with ${name}`,
      bytes: ({ task }) => request('PATCH', `${task}/complete`, { body: `{"completed":${literal}}` }),
      ...invalid,
      faults: ['/completed'],
    }),
  ),
];

/** Titles that come back as they were sent; each is a description as well. */
export const KEPT_TEXTS: readonly (readonly [name: string, text: string])[] = [
  ['255 characters', 'x'.repeat(255)],
  ['255 characters beyond the BMP', '𝒳'.repeat(255)],
  ['254 accents on a letter', `e${'\u0301'.repeat(254)}`],
  ['é as one character', '\u00e9'],
  ['é as two characters', 'e\u0301'],
  ['white space around', ' \t a \n '],
  ['SQL', `'; DROP TABLE tasks;--`],
  ['SQL placeholders', '? ?? $1 :id ${x} %s'],
  ['markup', '<script>alert(1)</script>&amp;'],
  ['templates', '{{7*7}} ${7*7} #{7*7}'],
  ['quotes and backslashes', `"'\`\\ \\u0000 \\`],
  ['control characters', '\u0001\u001b[31m\u007f\u0085'],
  ['line separators', 'a\u2028b\u2029c'],
  ['noncharacters', '\ufffe\uffff\ufdd0'],
  ['a replacement character', '\ufffd'],
  ['text in both directions', '\u202eabc\u202c שלום'],
  ['a family', '👨‍👩‍👧‍👦'],
  ['a byte order mark', '\ufeffa\ufeff'],
  ['names of members', '__proto__'],
];

export const KEPT_DESCRIPTIONS: readonly (readonly [name: string, text: string])[] = [
  ['nothing', ''],
  ['white space', '  '],
  ['4,000 characters', 'x'.repeat(4_000)],
  ['4,000 characters beyond the BMP', '𝒳'.repeat(4_000)],
];
