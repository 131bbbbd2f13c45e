import { ownerName, SIZES, storedTask, WORDS } from '../database/data-set.ts';

export interface Probe {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const quiet = ownerName(3);
const task = storedTask(3, 7);
const completed = storedTask(3, 8);
/** The probes write to the last owner alone, whom the load leaves out. */
const last = SIZES.check.owners - 1;
const written = storedTask(last, 5);
const toggled = storedTask(last, 6);
const list = (owner: string): string => `/api/${owner}/tasks`;
const one = ({ owner, id }: { owner: string; id: string }): string => `${list(owner)}/${id}`;
const strange = '00000000-0000-4000-8000-000000000000';

const read = (name: string, path: string, headers: Record<string, string> = {}): Probe => ({
  name,
  method: 'GET',
  path,
  headers,
});

const create = (name: string, body: string): Probe => ({ name, method: 'POST', path: list(ownerName(last)), body });

const replace = (name: string, path: string, body: string, etag?: string): Probe => ({
  name,
  method: 'PUT',
  path,
  body,
  ...(etag !== undefined && { headers: { 'if-match': etag } }),
});

const content = (title: string, isCompleted = false): string =>
  JSON.stringify({ title, description: 'x', completed: isCompleted });

/** What every program is asked, in this order, each on a database of its own that is as it was loaded. */
export const PROBES: readonly Probe[] = [
  read('a task', one(task)),
  read('a completed task', one(completed)),
  read('a task that is known already', one(task), { 'if-none-match': '"7"' }),
  read('a task that is known as it was before', one(task), { 'if-none-match': '"6"' }),
  read('no task', `${list(quiet)}/${strange}`),
  read("another owner's task", `${list(ownerName(4))}/${task.id}`),
  read('something that is no id', `${list(quiet)}/x`),
  read('an owner who cannot be', `${list('a%20b')}/${task.id}`),
  read('a list', list(quiet)),
  read('a list of 10', `${list(quiet)}?limit=10`),
  read('the list of nobody', list('nobody')),
  read('a list that is known already', list(quiet), { 'if-none-match': '"150"' }),
  read('a list that is known as it was before', `${list(quiet)}?limit=1`, { 'if-none-match': '"149"' }),
  read('a search', `${list(quiet)}?q=${WORDS[3]}`),
  read('a search in upper case', `${list(quiet)}?q=${WORDS[3]?.toUpperCase()}`),
  read('a search for a wildcard', `${list(quiet)}?q=%25`),
  read('a search without a hit', `${list(quiet)}?q=nowhere`),
  read('a list of too many', `${list(quiet)}?limit=1001`),
  read('a list from nowhere', `${list(quiet)}?cursor=x`),
  read('an idle poll', `${list(quiet)}/changes?since=150`),
  read('a poll', `${list(quiet)}/changes?since=140`),
  read('a poll from the future', `${list(quiet)}/changes?since=151`),
  read('a poll from nowhere', `${list(quiet)}/changes?since=x`),
  create('a new task', '{"title":"Ärger mit ß"}'),
  create('a new task, completed', content('Done', true)),
  create('a new task without a title', '{"description":"x"}'),
  create('a new task with a blank title', '{"title":" \\u200b"}'),
  create('a new task with a title that is too long', JSON.stringify({ title: 'x'.repeat(256) })),
  create('a new task with a field that there is not', '{"title":"x","colour":"red"}'),
  create('a new task that is not JSON', '{"title":'),
  create('a new task with a number for a title', '{"title":1}'),
  read(
    'a search with other letters in another case',
    `${list(ownerName(last))}?q=${encodeURIComponent('äRGER MIT SS')}`,
  ),
  replace('a replacement', one(written), content('First'), '"5"'),
  replace('a replacement that comes too late', one(written), content('Late'), '"5"'),
  replace('a replacement of what there is', one(written), content('Second', true)),
  replace('a replacement that leaves it completed', one(written), content('Third', true)),
  replace('a replacement of nothing', `${list(quiet)}/${strange}`, content('x'), '"1"'),
  replace('half a replacement', one(written), '{"title":"x"}'),
  { name: 'a completion', method: 'PATCH', path: `${one(toggled)}/complete` },
  { name: 'a completion taken back', method: 'PATCH', path: `${one(toggled)}/complete` },
  { name: 'a completion of nothing', method: 'PATCH', path: `${list(quiet)}/${strange}/complete` },
  read('the feed afterwards', `${list(ownerName(last))}/changes?since=25`),
  read('the list afterwards', `${list(ownerName(last))}?limit=5`),
];
