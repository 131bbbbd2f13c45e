import { SIZES, storedTask, userName, WORDS } from '../database/data-set.ts';

export interface Probe {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const quiet = userName(3);
const task = storedTask(3, 7);
const completed = storedTask(3, 8);
/** The probes write to the last user only. */
const last = SIZES.check.users - 1;
const written = storedTask(last, 5);
const toggled = storedTask(last, 6);
const list = (user: string): string => `/api/${user}/tasks`;
const one = ({ user, id }: { user: string; id: string }): string => `${list(user)}/${id}`;
const unknown = '00000000-0000-4000-8000-000000000000';

const read = (name: string, path: string, headers: Record<string, string> = {}): Probe => ({
  name,
  method: 'GET',
  path,
  headers,
});

const create = (name: string, body: string): Probe => ({ name, method: 'POST', path: list(userName(last)), body });

const replace = (name: string, path: string, body: string, etag?: string): Probe => ({
  name,
  method: 'PUT',
  path,
  body,
  ...(etag !== undefined && { headers: { 'if-match': etag } }),
});

const content = (title: string, isCompleted = false): string =>
  JSON.stringify({ title, description: 'x', completed: isCompleted });

/** Sent to every program in this order, each time on a restored database. */
export const PROBES: readonly Probe[] = [
  read('a task', one(task)),
  read('a completed task', one(completed)),
  read('a task with a matching If-None-Match', one(task), { 'if-none-match': '"7"' }),
  read('a task with an outdated If-None-Match', one(task), { 'if-none-match': '"6"' }),
  read('an unknown task', `${list(quiet)}/${unknown}`),
  read("another user's task", `${list(userName(4))}/${task.id}`),
  read('an invalid id', `${list(quiet)}/x`),
  read('an invalid user', `${list('a%20b')}/${task.id}`),
  read('a list', list(quiet)),
  read('a list of 10', `${list(quiet)}?limit=10`),
  read('the list of an unknown user', list('nobody')),
  read('a list with a matching If-None-Match', list(quiet), { 'if-none-match': '"150"' }),
  read('a list with an outdated If-None-Match', `${list(quiet)}?limit=1`, { 'if-none-match': '"149"' }),
  read('a search', `${list(quiet)}?q=${WORDS[3]}`),
  read('a search in upper case', `${list(quiet)}?q=${WORDS[3]?.toUpperCase()}`),
  read('a search for a wildcard', `${list(quiet)}?q=%25`),
  read('a search without a match', `${list(quiet)}?q=nowhere`),
  read('a list with a limit that is too large', `${list(quiet)}?limit=1001`),
  read('a list with an invalid cursor', `${list(quiet)}?cursor=x`),
  read('an empty feed', `${list(quiet)}/changes?since=150`),
  read('a feed', `${list(quiet)}/changes?since=140`),
  read('a feed from the future', `${list(quiet)}/changes?since=151`),
  read('a feed from an invalid position', `${list(quiet)}/changes?since=x`),
  create('a new task', '{"title":"Ärger mit ß"}'),
  create('a new task, completed', content('Done', true)),
  create('a new task without a title', '{"description":"x"}'),
  create('a new task with a blank title', '{"title":" \\u200b"}'),
  create('a new task with a title that is too long', JSON.stringify({ title: 'x'.repeat(256) })),
  create('a new task with an unknown field', '{"title":"x","colour":"red"}'),
  create('a new task that is not JSON', '{"title":'),
  create('a new task with a number for a title', '{"title":1}'),
  read(
    'a search with non-ASCII letters in another case',
    `${list(userName(last))}?q=${encodeURIComponent('äRGER MIT SS')}`,
  ),
  replace('a replacement', one(written), content('First'), '"5"'),
  replace('a replacement with an outdated If-Match', one(written), content('Late'), '"5"'),
  replace('a replacement without If-Match', one(written), content('Second', true)),
  replace('a replacement that leaves it completed', one(written), content('Third', true)),
  replace('a replacement of an unknown task', `${list(quiet)}/${unknown}`, content('x'), '"1"'),
  replace('a replacement with missing fields', one(written), '{"title":"x"}'),
  { name: 'a toggle', method: 'PATCH', path: `${one(toggled)}/complete` },
  { name: 'a second toggle', method: 'PATCH', path: `${one(toggled)}/complete` },
  { name: 'a toggle of an unknown task', method: 'PATCH', path: `${list(quiet)}/${unknown}/complete` },
  read('the feed afterwards', `${list(userName(last))}/changes?since=25`),
  read('the list afterwards', `${list(userName(last))}?limit=5`),
];
