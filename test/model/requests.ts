import fc from 'fast-check';

/** A request in terms that hold before its run: owners and tasks by number, revisions by what they are to the task. */
export interface PlannedRequest {
  readonly owner: number;
  readonly task: number;
  readonly what:
    | { readonly kind: 'create'; readonly by: 'id' | 'key' | 'nothing'; readonly body: object }
    | { readonly kind: 'put' | 'patch'; readonly body: object }
    | { readonly kind: 'complete'; readonly body: object | undefined }
    | { readonly kind: 'delete' | 'restore' | 'get' }
    | { readonly kind: 'list'; readonly query: Record<string, string>; readonly follow: boolean }
    | { readonly kind: 'changes'; readonly behind: number | undefined; readonly limit: number };
  readonly tag: 'none' | 'current' | 'stale' | 'any' | 'foreign';
}

const title = fc.constantFrom('a', 'b', 'Milk', 'MILK 50%', ' ', 'ß', 'x'.repeat(255), 'x'.repeat(256));
const description = fc.constantFrom(null, '', 'oats', 'a_b', 'ÄÖÜ');
const completed = fc.boolean();
const optional = { requiredKeys: [] };

const what: fc.Arbitrary<PlannedRequest['what']> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('create' as const),
      by: fc.constantFrom('id' as const, 'id' as const, 'key' as const, 'nothing' as const),
      body: fc.record({ title, description, completed }, { requiredKeys: ['title'] }),
    }),
  },
  fc.record({ kind: fc.constant('put' as const), body: fc.record({ title, description, completed }) }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('patch' as const),
      body: fc.record({ title, description, completed }, optional),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('complete' as const),
      body: fc.option(fc.record({ completed }), { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('delete' as const, 'restore' as const, 'get' as const) }) },
  fc.record({
    kind: fc.constant('list' as const),
    query: fc.record(
      {
        completed: fc.constantFrom('true', 'false'),
        deleted: fc.constantFrom('true', 'false'),
        q: fc.constantFrom('a', 'milk', '%', '_', 'äöü', 'SS'),
        sort: fc.constantFrom('created_at', '-created_at', 'updated_at', '-updated_at'),
        limit: fc.constantFrom('1', '2', '100'),
        count: fc.constantFrom('true', 'false'),
      },
      optional,
    ),
    follow: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('changes' as const),
    behind: fc.option(fc.integer({ min: -1, max: 6 }), { nil: undefined }),
    limit: fc.integer({ min: 1, max: 3 }),
  }),
);

export const plannedRequests = fc.array(
  fc.record({
    owner: fc.integer({ min: 0, max: 1 }),
    task: fc.integer({ min: 0, max: 2 }),
    what,
    tag: fc.constantFrom('none', 'none', 'current', 'current', 'stale', 'any', 'foreign'),
  }),
  { minLength: 10, maxLength: 40 },
);
