import { countOf, type DataSetSize, ownerName, storedTask } from '../database/data-set.ts';
import { get, type Source, type Workload } from './exchange.ts';
import { isPage, statusIs } from './expectations.ts';

export const PAGE = 100;
const DEEPEST = 10_000;

export const quietOwner = ({ size, random }: Source): number => 1 + Math.floor(random() * size.quiet);

/** Newest first, from task `k` down. */
export const idsFrom = (owner: number, k: number, count: number): string[] =>
  Array.from({ length: Math.min(k, count) }, (_, at) => storedTask(owner, k - at).id);

/** The number of the deepest page that is asked for of the big owner's list: the 10,000th, or the last one that is full. */
export const deepestPage = ({ big }: DataSetSize): number => Math.min(DEEPEST, Math.floor(big / PAGE));

function pageFrom({ cursorBefore, size }: Source, k: number) {
  const name = ownerName(0);
  const cursor = k === size.big ? '' : `&cursor=${cursorBefore(0, k + 1)}`;
  return { request: get(`/api/${name}/tasks?limit=${PAGE}${cursor}`), name, ids: () => idsFrom(0, k, PAGE) };
}

/** Of the big owner's list, always the same one. */
const pageAt =
  (pageOf: (size: DataSetSize) => number): Workload =>
  (source) => {
    const { request, name, ids } = pageFrom(source, source.size.big - (pageOf(source.size) - 1) * PAGE);
    return { request, check: (answer, isSample) => statusIs(answer, 200) ?? isPage(answer, name, ids, isSample) };
  };

export const firstPage = pageAt(() => 1);
export const lastPage = pageAt(deepestPage);

/** Far down the list of the big owner, where nine tenths of it and more are newer. */
export const deepPage: Workload = (source) => {
  const k = PAGE + 1 + Math.floor(source.random() * (source.size.big / 10 - PAGE));
  const { request, name, ids } = pageFrom(source, k);
  return { request, check: (answer, isSample) => statusIs(answer, 200) ?? isPage(answer, name, ids, isSample) };
};

/** The last hundred changes of an owner. */
export const changes: Workload = (source) => {
  const owner = quietOwner(source);
  const since = countOf(source.size, owner) - PAGE;
  return {
    request: get(`/api/${ownerName(owner)}/tasks/changes?since=${since}&limit=${PAGE}`),
    check: (answer, isSample) => statusIs(answer, 200) ?? (isSample ? isWhole(answer.body, since) : undefined),
  };
};

function isWhole(body: Buffer, since: number): string | undefined {
  const page: { changes: readonly { revision: number }[] } = JSON.parse(body.toString());
  const isNext = page.changes.every(({ revision }, at) => revision === since + at + 1);
  return page.changes.length === PAGE && isNext ? undefined : 'not the changes that were asked for';
}
