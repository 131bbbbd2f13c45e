import { countOf, type DataSetSize, ownerName, storedTask, WORDS } from '../database/data-set.ts';
import { etagIn } from './answer.ts';
import { type Check, isAsStored, isPage, isTask, statusIs } from './expectations.ts';
import { anyTask, type KnownTask, type WrittenTasks } from './written-tasks.ts';

export interface Exchange {
  readonly request: string;
  readonly check: Check;
}

/** What the next request is drawn from. */
export interface Source {
  readonly size: DataSetSize;
  readonly random: () => number;
  readonly written: WrittenTasks;
  /** In the form of the program that is asked. @param k the last task of the page before */
  readonly cursorBefore: (owner: number, k: number) => string;
}

type Workload = (source: Source) => Exchange;

const PAGE = 100;

const get = (path: string, headers = ''): string => `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers}\r\n`;

const write = (method: string, path: string, body: string, headers = ''): string =>
  `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`;

const quietOwner = ({ size, random }: Source): number => 1 + Math.floor(random() * size.quiet);

/** Newest first, from task `k` down. */
const idsFrom = (owner: number, k: number, count: number): string[] =>
  Array.from({ length: Math.min(k, count) }, (_, at) => storedTask(owner, k - at).id);

const read: Workload = ({ size, random }) => {
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

const list: Workload = (source) => {
  const owner = quietOwner(source);
  const name = ownerName(owner);
  const ids = () => idsFrom(owner, countOf(source.size, owner), PAGE);
  return {
    request: get(`/api/${name}/tasks?limit=${PAGE}`),
    check: (answer, isSample) => statusIs(answer, 200) ?? isPage(answer, name, ids, isSample),
  };
};

const create: Workload = ({ size, random }) => {
  const owner = ownerName(size.quiet + 1 + Math.floor(random() * (size.owners - size.quiet - 1)));
  const title = `A task to be done ${Math.floor(random() * 1e9)}`;
  const body = `{"title":"${title}","description":"Look after it before the end of the week, and tell the others"}`;
  return {
    request: write('POST', `/api/${owner}/tasks`, body),
    check: (answer, isSample) =>
      statusIs(answer, 201) ??
      isTask(answer, owner, undefined, isSample) ??
      (answer.body.includes(title) ? undefined : 'another title than the one that was sent'),
  };
};

/** Remembers the revision that the answer tells. */
function follow(task: KnownTask, check: Check): Check {
  return (answer, isSample) => {
    const { owner, id } = task.stored;
    const problem = statusIs(answer, 200) ?? isTask(answer, owner, id, isSample) ?? check(answer, isSample);
    if (problem === undefined) task.revision = Number(etagIn(answer)?.slice(1, -1));
    return problem;
  };
}

const replace: Workload = ({ written, random }) => {
  const task = written.next();
  const { owner, id } = task.stored;
  const title = `Replaced ${Math.floor(random() * 1e9)}`;
  const body = `{"title":"${title}","description":null,"completed":${task.completed}}`;
  return {
    request: write('PUT', `/api/${owner}/tasks/${id}`, body, `if-match: "${task.revision}"\r\n`),
    check: follow(task, ({ body: answered }) => (answered.includes(title) ? undefined : 'not replaced')),
  };
};

const complete: Workload = ({ written }) => {
  const task = written.next();
  const { owner, id } = task.stored;
  const wanted = !task.completed;
  return {
    request: `PATCH /api/${owner}/tasks/${id}/complete HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 0\r\n\r\n`,
    check: follow(task, ({ body }) => {
      if (!body.includes(`"completed":${wanted}`)) return 'not toggled';
      task.completed = wanted;
      return undefined;
    }),
  };
};

const WRITES = [create, replace, complete] as const;

/** Four reads of one task for each write; the writes are of all kinds alike. */
const mixed: Workload = (source) => {
  if (source.random() < 0.8) return read(source);
  return (WRITES[Math.floor(source.random() * WRITES.length)] ?? create)(source);
};

const idlePoll: Workload = (source) => {
  const owner = quietOwner(source);
  const revision = countOf(source.size, owner);
  return {
    request: get(`/api/${ownerName(owner)}/tasks/changes?since=${revision}`),
    check: (answer) =>
      statusIs(answer, 200) ??
      (answer.body.toString() === `{"changes":[],"revision":${revision},"has_more":false}`
        ? undefined
        : 'not an empty page'),
  };
};

const notModified: Workload = (source) => {
  const owner = quietOwner(source);
  const etag = `"${countOf(source.size, owner)}"`;
  return {
    request: get(`/api/${ownerName(owner)}/tasks`, `if-none-match: ${etag}\r\n`),
    check: (answer) => statusIs(answer, 304) ?? (etagIn(answer) === etag ? undefined : 'another ETag'),
  };
};

/** Far down the list of the big owner, where nine tenths of it and more are newer. */
const deepPage: Workload = ({ size, random, cursorBefore }) => {
  const k = PAGE + 1 + Math.floor(random() * (size.big / 10 - PAGE));
  const name = ownerName(0);
  return {
    request: get(`/api/${name}/tasks?limit=${PAGE}&cursor=${cursorBefore(0, k + 1)}`),
    check: (answer, isSample) => statusIs(answer, 200) ?? isPage(answer, name, () => idsFrom(0, k, PAGE), isSample),
  };
};

const search: Workload = (source) => {
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

/** Of a program that has no tasks. */
const constant: Workload = (source) => ({ ...read(source), check: (answer) => statusIs(answer, 200) });

export const WORKLOADS = {
  read,
  list,
  create,
  replace,
  complete,
  mixed,
  'idle-poll': idlePoll,
  'not-modified': notModified,
  'deep-page': deepPage,
  search,
  constant,
} as const;

export type WorkloadName = keyof typeof WORKLOADS;
