import { countOf, userName, WORDS } from '../database/data-set.ts';
import { PAGE } from './cursors.ts';
import { get, type Workload } from './exchange.ts';
import { isAsStored, isPage, isTask, statusIs } from './expectations.ts';
import { idsFrom, quietUser } from './pages.ts';
import { etagOf } from './response.ts';
import { anyTask } from './written-tasks.ts';

export const read: Workload = ({ size, random }) => {
  const task = anyTask(size, random);
  const isQuiet = Number(task.user.slice(-5)) <= size.quiet;
  return {
    request: get(`/api/${task.user}/tasks/${task.id}`),
    check: (response, isSample) =>
      statusIs(response, 200) ??
      isTask(response, task.user, task.id, isSample) ??
      (isSample && isQuiet ? isAsStored(response, task) : undefined),
  };
};

export const idlePoll: Workload = (source) => {
  const user = quietUser(source);
  const revision = countOf(source.size, user);
  return {
    request: get(`/api/${userName(user)}/tasks/changes?since=${revision}`),
    check: (response) => {
      const problem = statusIs(response, 200);
      if (problem !== undefined) return problem;
      const page = JSON.parse(response.body.toString());
      // An earlier version of the service names the position `revision`.
      const isAtEnd = Number(page.next ?? page.revision) === revision && !page.has_more;
      return page.changes.length === 0 && isAtEnd ? undefined : 'not an empty page';
    },
  };
};

export const notModified: Workload = (source) => {
  const user = quietUser(source);
  const etag = `"${countOf(source.size, user)}"`;
  return {
    request: get(`/api/${userName(user)}/tasks`, `if-none-match: ${etag}\r\n`),
    check: (response) => statusIs(response, 304) ?? (etagOf(response) === etag ? undefined : 'another ETag'),
  };
};

export const search: Workload = (source) => {
  const user = quietUser(source);
  const name = userName(user);
  const count = countOf(source.size, user);
  const word = Math.floor(source.random() * WORDS.length);
  const ids = () =>
    idsFrom(user, count, count)
      .filter((_, at) => (count - at) % WORDS.length === word)
      .slice(0, PAGE);
  return {
    request: get(`/api/${name}/tasks?q=${WORDS[word]?.toUpperCase()}`),
    check: (response, isSample) => statusIs(response, 200) ?? isPage(response, name, ids, isSample),
  };
};
