import { countOf, ownerName, WORDS } from '../database/data-set.ts';
import { etagIn } from './answer.ts';
import { get, type Workload } from './exchange.ts';
import { isAsStored, isPage, isTask, statusIs } from './expectations.ts';
import { idsFrom, PAGE, quietOwner } from './pages.ts';
import { anyTask } from './written-tasks.ts';

export const read: Workload = ({ size, random }) => {
  const task = anyTask(size, random);
  const isQuiet = Number(task.owner.slice(-5)) <= size.quiet;
  return {
    request: get(`/api/${task.owner}/tasks/${task.id}`),
    check: (answer, isSample) =>
      statusIs(answer, 200) ??
      isTask(answer, task.owner, task.id, isSample) ??
      (isSample && isQuiet ? isAsStored(answer, task) : undefined),
  };
};

export const list: Workload = (source) => {
  const owner = quietOwner(source);
  const name = ownerName(owner);
  const ids = () => idsFrom(owner, countOf(source.size, owner), PAGE);
  return {
    request: get(`/api/${name}/tasks?limit=${PAGE}`),
    check: (answer, isSample) => statusIs(answer, 200) ?? isPage(answer, name, ids, isSample),
  };
};

export const idlePoll: Workload = (source) => {
  const owner = quietOwner(source);
  const revision = countOf(source.size, owner);
  return {
    request: get(`/api/${ownerName(owner)}/tasks/changes?since=${revision}`),
    check: (answer) => {
      const problem = statusIs(answer, 200);
      if (problem !== undefined) return problem;
      const page: { changes: unknown[]; revision: number; has_more: boolean } = JSON.parse(answer.body.toString());
      const isEmpty = page.changes.length === 0 && page.revision === revision && !page.has_more;
      return isEmpty ? undefined : 'not an empty page';
    },
  };
};

export const notModified: Workload = (source) => {
  const owner = quietOwner(source);
  const etag = `"${countOf(source.size, owner)}"`;
  return {
    request: get(`/api/${ownerName(owner)}/tasks`, `if-none-match: ${etag}\r\n`),
    check: (answer) => statusIs(answer, 304) ?? (etagIn(answer) === etag ? undefined : 'another ETag'),
  };
};

export const search: Workload = (source) => {
  const owner = quietOwner(source);
  const name = ownerName(owner);
  const word = Math.floor(source.random() * WORDS.length);
  const all = () => idsFrom(owner, countOf(source.size, owner), Number.POSITIVE_INFINITY).map((id, at) => ({ id, at }));
  const ids = () =>
    all()
      .filter(({ at }) => (countOf(source.size, owner) - at) % WORDS.length === word)
      .slice(0, PAGE)
      .map(({ id }) => id);
  return {
    request: get(`/api/${name}/tasks?q=${WORDS[word]?.toUpperCase()}`),
    check: (answer, isSample) => statusIs(answer, 200) ?? isPage(answer, name, ids, isSample),
  };
};
