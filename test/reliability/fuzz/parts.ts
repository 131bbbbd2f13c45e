import fc from 'fast-check';
import type { Route, Schema } from './routes.ts';

export type Body =
  | { readonly kind: 'none' }
  | { readonly kind: 'raw'; readonly text: string }
  | { readonly kind: 'members'; readonly members: readonly (readonly [string, unknown])[]; readonly escapes: boolean };

export const usually = <T>(ordinary: fc.Arbitrary<T>, odd: fc.Arbitrary<T>, weight = 24): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: ordinary }, { weight: 1, arbitrary: odd });

/** Few, so that they are met again: it is the owners who are fresh. */
export const IDS: readonly string[] = [1, 2, 3].map((n) => `0193a0b0-0000-7000-8000-00000000000${n}`);

const nothing = fc.constant<(readonly [string, unknown])[]>([]);
const none = fc.constant<(readonly [string, string])[]>([]);

const ODD_TEXTS = ['', ' ', '\u200b\ufeff', 'a\0', '\ud800', '\udc00\ud800', '\u3000\u2028', '%', '__proto__', 'null'];

const text = (length: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
    fc.constantFrom('x'.repeat(length), '𝒳'.repeat(length), `e${'\u0301'.repeat(length - 1)}`, ` a\t`, `'";--\\`),
  );

const oddText = (length: number): fc.Arbitrary<string> =>
  fc.constantFrom(...ODD_TEXTS, 'x'.repeat(length + 1), '𝒳'.repeat(length + 1), `e${'\u0301'.repeat(length)}`);

const OTHER_TYPES = [null, 0, 1, -1.5, 2 ** 60, true, 'true', 'false', '1', [], ['a'], {}, { a: 1 }];

function member(schema: Schema): fc.Arbitrary<unknown> {
  const ordinary: fc.Arbitrary<unknown>[] = [];
  if (schema.type === 'boolean') ordinary.push(fc.boolean());
  else if (schema.maxLength !== undefined) ordinary.push(text(schema.maxLength));
  else if (schema.pattern !== undefined) {
    ordinary.push(fc.constantFrom(...IDS), fc.stringMatching(new RegExp(schema.pattern)));
  }
  if (schema.type?.includes('null') === true) ordinary.push(fc.constant(null));
  const odd = fc.oneof(fc.constantFrom<unknown>(...OTHER_TYPES), oddText(schema.maxLength ?? 36));
  return usually(fc.oneof(...ordinary), odd);
}

function parameter({ enum: values, pattern, maxLength }: Schema): fc.Arbitrary<string> {
  if (values !== undefined) return usually(fc.constantFrom(...values), fc.constantFrom('', 'TRUE', '1', 'title'));
  const numbers = fc.constantFrom('', '0', '-1', '1.5', '05', '+5', '1e1', '1001', ' 5', 'abc', '٥');
  if (pattern !== undefined)
    return usually(fc.oneof(fc.constant('1'), fc.stringMatching(new RegExp(pattern))), numbers);
  if (maxLength !== undefined) return usually(text(maxLength), oddText(maxLength));
  return fc.constantFrom('', 'AAAA', 'abc');
}

const unknownName = fc.constantFrom(
  'user_id',
  'revision',
  'Title',
  '__proto__',
  'constructor',
  'toString',
  '',
  'x',
  '\u0000',
);

const members = (schemas: Readonly<Record<string, Schema>>): fc.Arbitrary<Body> =>
  fc.record({
    kind: fc.constant('members' as const),
    escapes: fc.boolean(),
    members: fc
      .tuple(
        fc.record(Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, member(schema)])), {
          requiredKeys: 'title' in schemas ? ['title'] : [],
        }),
        // A whole set more often than chance would have it: PUT wants no less.
        fc.constantFrom(true, true, false),
        usually(
          nothing,
          fc.array(fc.tuple(fc.constantFrom(...Object.keys(schemas), 'x'), fc.constant('a')), { maxLength: 2 }),
        ),
        usually(nothing, fc.array(fc.tuple(unknownName, fc.constantFrom<unknown>(...OTHER_TYPES)), { maxLength: 2 })),
      )
      .map(([chosen, isWhole, again, unknown]) => [
        ...Object.entries({ ...(isWhole && wholeOf(schemas)), ...chosen }),
        ...again,
        ...unknown,
      ]),
  });

/** As PUT has it, if there is that much. */
function wholeOf(schemas: object): Record<string, unknown> {
  const { id: _, ...whole }: Record<string, unknown> = { title: 'a', description: 'b', completed: false, id: '' };
  return Object.fromEntries(Object.entries(whole).filter(([name]) => name in schemas));
}

const rawBody = fc.constantFrom(
  '',
  ' ',
  'null',
  '[]',
  '"a"',
  '{',
  '{"title":"a",}',
  "{'title':'a'}",
  '{}{}',
  '\ufeff{}',
  '1',
);

export const bodyOf = ({ method, members: schemas, takesBody }: Route): fc.Arbitrary<Body> => {
  const none = fc.constant<Body>({ kind: 'none' });
  if (!takesBody) return none;
  const raw = rawBody.map((text): Body => ({ kind: 'raw', text }));
  const ordinary = Object.keys(schemas).length === 0 ? none : members(schemas);
  return fc.oneof(
    { weight: 20, arbitrary: ordinary },
    { weight: method === 'PATCH' || method === 'PUT' ? 2 : 1, arbitrary: none },
    { weight: 1, arbitrary: raw },
  );
};

const tag = fc.integer({ min: 0, max: 9 }).map((n) => `"${n}"`);
const IF_MATCH = fc.oneof(
  tag,
  tag.map((one) => `W/${one}`),
  fc.array(tag, { minLength: 2, maxLength: 4 }).map((all) => all.join(', ')),
  fc.constantFrom('*', '"abc"', '""'),
);
const ODD_TAGS = fc.constantFrom('abc', '1', '"1', '"1" "2"', '', '*, "1"', 'w/"1"');
const KEY = fc.oneof(fc.stringMatching(/^[!#-~]{1,20}$/), fc.constantFrom('k', '"k"', 'x'.repeat(255)));
const ODD_KEYS = fc.constantFrom('', '""', 'a b', '"a', '"a"b"', 'é', 'x'.repeat(256));

const IGNORED = fc.constantFrom<readonly [string, string]>(
  ['Accept', 'application/xml;q=\x80'],
  ['Accept-Encoding', 'gzip, br'],
  ['X-User-Id', 'alice'],
  ['X-HTTP-Method-Override', 'DELETE'],
  ['X-Forwarded-Host', 'evil.example'],
  ['Range', 'bytes=0-1'],
  ['If-Modified-Since', 'yesterday'],
  ['Cookie', '\xff=\xfe; ;;=;'],
  ['Prefer', 'return=minimal'],
  ['Origin', 'null'],
  ['TE', 'trailers'],
  ['X-Empty', ''],
);

export const headersOf = ({ method, path }: Route): fc.Arbitrary<(readonly [string, string])[]> => {
  const choices: fc.Arbitrary<readonly [string, string]>[] = [IGNORED];
  if (method === 'GET') choices.push(usually(IF_MATCH, ODD_TAGS).map((value) => ['If-None-Match', value]));
  else if (path.includes(':id')) choices.push(usually(IF_MATCH, ODD_TAGS).map((value) => ['If-Match', value]));
  else choices.push(usually(KEY, ODD_KEYS).map((value) => ['Idempotency-Key', value]));
  return fc.uniqueArray(fc.oneof(...choices), { maxLength: 3, selector: ([name]) => name });
};

export const queryOf = ({ parameters }: Route): fc.Arbitrary<(readonly [string, string])[]> => {
  const known = Object.entries(parameters).map(([name, schema]) =>
    parameter(schema).map((value) => [name, value] as const),
  );
  const unknown = fc.tuple(unknownName, fc.constantFrom('', '1'));
  const ordinary = known.length === 0 ? none : fc.array(fc.oneof(...known), { maxLength: 3 });
  const one =
    known.length === 0 ? ordinary : fc.uniqueArray(fc.oneof(...known), { maxLength: 3, selector: ([name]) => name });
  return fc.oneof(
    { weight: 8, arbitrary: one },
    { weight: 1, arbitrary: ordinary },
    usually(ordinary, fc.array(unknown, { minLength: 1, maxLength: 2 }), 1),
  );
};
