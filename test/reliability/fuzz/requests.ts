import fc from 'fast-check';
import { type Body, bodyOf, headersOf, IDS, queryOf, usually } from './parts.ts';
import type { Route } from './routes.ts';

/** A request before it is spelled: `owner` by number is one of those whom a sequence of requests is about. */
export interface FuzzedRequest {
  readonly route: Route;
  readonly owner: number | string;
  readonly id: string;
  readonly encodesAll: boolean;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: readonly (readonly [string, string])[];
  readonly type: string | undefined;
  readonly body: Body;
}

const ODD_OWNERS = ['.', '..', 'a/b', 'é', '\u0000', ' ', '*', 'x'.repeat(256), 'a%b', '😀', ''];
const ODD_IDS = ['nope', '1', '00000000-0000-0000-0000-00000000000', '{0}', '\u0000', 'x'.repeat(300)];
const JSON_TYPES = fc.constantFrom(
  'application/json',
  'application/json; charset=utf-8',
  'Application/JSON;charset="UTF-8"',
);
const ODD_TYPES = fc.constantFrom(
  undefined,
  'text/plain',
  'application/json; charset=latin1',
  'application/merge-patch+json',
  'application/xml',
  '',
  'a',
  'application/json x',
);

const requestTo = (route: Route): fc.Arbitrary<FuzzedRequest> =>
  fc
    .record({
      route: fc.constant(route),
      owner: usually<number | string>(fc.constantFrom(0, 0, 1), fc.constantFrom(...ODD_OWNERS), 30),
      id: usually(
        fc.constantFrom(...IDS.slice(0, 1), ...IDS.slice(0, 2), ...IDS),
        fc.oneof(fc.constantFrom(...ODD_IDS), fc.uuid()),
        20,
      ),
      encodesAll: fc.boolean(),
      query: queryOf(route),
      headers: headersOf(route),
      type: usually<string | undefined>(JSON_TYPES, ODD_TYPES),
      body: bodyOf(route),
    })
    .map((request) => (hasBody(request) ? request : { ...request, type: undefined }));

/** The contract has a type for bodies, and is silent about the type of none. */
export const hasBody = ({ route, body }: FuzzedRequest): boolean =>
  route.takesBody && body.kind !== 'none' && !(body.kind === 'raw' && body.text === '');

/** Mostly on a list on which there is something already, so that not all is in vain. */
export function sequencesOf(routes: readonly Route[]): fc.Arbitrary<FuzzedRequest[]> {
  const create = routes.find(({ method, path }) => method === 'POST' && path.endsWith('/tasks')) as Route;
  const first = fc.subarray(
    IDS.slice(0, 2).map((id) => createOf(create, id)),
    { minLength: 1 },
  );
  const others = fc.array(fc.oneof(...routes.map(requestTo)), { minLength: 2, maxLength: 8 });
  return fc.tuple(usually(first, fc.constant<FuzzedRequest[]>([]), 6), others).map((parts) => parts.flat());
}

const createOf = (route: Route, id: string): FuzzedRequest => ({
  route,
  owner: 0,
  id,
  encodesAll: false,
  query: [],
  headers: [],
  type: 'application/json',
  body: { kind: 'members', members: Object.entries({ title: 'a', description: 'b', id }), escapes: false },
});
