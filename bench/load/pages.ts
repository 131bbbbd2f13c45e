import { countOf, SPECIAL, storedTask, userName } from '../database/data-set.ts';
import { type Cursor, PAGE } from './cursors.ts';
import { get, type Source, type Workload } from './exchange.ts';
import { isPage, statusIs } from './expectations.ts';

export const quietUser = ({ size, random }: Source): number => 1 + Math.floor(random() * size.quiet);

/** Newest first, from task `k` down. */
export const idsFrom = (user: number, k: number, count: number): string[] =>
  Array.from({ length: Math.min(k, count) }, (_, at) => storedTask(user, k - at).id);

const listOf =
  (limit: number): Workload =>
  (source) => {
    const user = quietUser(source);
    const ids = () => idsFrom(user, countOf(source.size, user), limit);
    return page(userName(user), `?limit=${limit}`, ids);
  };

export const list = listOf(PAGE);
export const list20 = listOf(20);

function page(user: string, query: string, ids: () => readonly string[]) {
  return {
    request: get(`/api/${user}/tasks${query}`),
    check: (response: Parameters<typeof isPage>[0], isSample: boolean) =>
      statusIs(response, 200) ?? isPage(response, user, ids, isSample),
  };
}

const bigPage = (k: number, cursor: string) => page(userName(0), `?limit=${PAGE}${cursor}`, () => idsFrom(0, k, PAGE));

export const firstPage: Workload = ({ size }) => bigPage(size.big, '');

const pageAfter = ({ k, cursor }: Cursor) => bigPage(k, `&cursor=${cursor}`);

/** Always the same page. */
export const lastPage: Workload = ({ cursors }) => pageAfter(cursors.at(-1) as Cursor);

/** A page in the last tenth of the big user's list. */
export const deepPage: Workload = ({ cursors, size, random }) => {
  const deep = cursors.filter(({ k }) => k <= size.big / 10);
  return pageAfter(deep[Math.floor(random() * deep.length)] as Cursor);
};

/** Oldest changes first, which are behind all tombstones of a user who has them. */
const oldestOf =
  (user: number, path: string): Workload =>
  ({ size }) => {
    const name = userName(user);
    const first = user === SPECIAL.tombstones ? (size.tombstones ?? 0) + 1 : 1;
    const ids = Array.from({ length: 20 }, (_, at) => storedTask(user, first + at).id).join();
    return {
      request: get(`/api/${name}/tasks${path}`),
      check: (response, isSample) => {
        const problem = statusIs(response, 200);
        if (problem !== undefined || !isSample) return problem;
        const body: Record<string, { id: string }[]> = JSON.parse(response.body.toString());
        const received = (body['tasks'] ?? body['changes'] ?? []).map(({ id }) => id).join();
        return received === ids ? undefined : `not the oldest 20 live tasks of ${name}`;
      },
    };
  };

const LIST = '?sort=updated_at&limit=20';
const SYNC = '/changes?limit=20';
export const listBehindTombstones = oldestOf(SPECIAL.tombstones, LIST);
export const syncBehindTombstones = oldestOf(SPECIAL.tombstones, SYNC);
export const listWithoutTombstones = oldestOf(SPECIAL.live, LIST);
export const syncWithoutTombstones = oldestOf(SPECIAL.live, SYNC);

/** The last hundred changes of a user. */
export const changes: Workload = (source) => {
  const user = quietUser(source);
  const since = countOf(source.size, user) - PAGE;
  return {
    request: get(`/api/${userName(user)}/tasks/changes?since=${since}&limit=${PAGE}`),
    check: (response, isSample) => statusIs(response, 200) ?? (isSample ? isComplete(response.body, since) : undefined),
  };
};

function isComplete(body: Buffer, since: number): string | undefined {
  const { changes: received }: { changes: readonly { revision: number }[] } = JSON.parse(body.toString());
  const isNext = received.every(({ revision }, at) => revision === since + at + 1);
  return received.length === PAGE && isNext ? undefined : `not the ${PAGE} changes after ${since}`;
}
