import { SPECIAL, storedTask, userName } from '../database/data-set.ts';
import { send, type Workload } from './exchange.ts';
import { type Check, isTask, statusIs } from './expectations.ts';
import { etagOf } from './response.ts';
import type { KnownTask } from './written-tasks.ts';

export const create: Workload = ({ size, random }) => {
  const user = userName(size.quiet + 1 + Math.floor(random() * (size.users - size.quiet - 1)));
  const title = `A new task ${Math.floor(random() * 1e9)}`;
  const body = `{"title":"${title}","description":"Finish it before the end of the week, and write down what is left"}`;
  return {
    request: send('POST', `/api/${user}/tasks`, body),
    check: (response, isSample) =>
      statusIs(response, 201) ??
      isTask(response, user, undefined, isSample) ??
      (response.body.includes(title) ? undefined : 'another title than in the request'),
  };
};

const KNOWN_TASKS = 40;

/** Creates one of 40 existing tasks of one user again, with the same id and content. */
export const replay: Workload = ({ random }) => {
  const { user, id, title, description, completed } = storedTask(1, 1 + Math.floor(random() * KNOWN_TASKS));
  return {
    request: send('POST', `/api/${user}/tasks`, JSON.stringify({ id, title, description, completed })),
    check: (response, isSample) =>
      statusIs(response, 201) ??
      isTask(response, user, id, isSample) ??
      (/\r\nidempotency-replayed: true/i.test(response.head) ? undefined : 'no Idempotency-Replayed'),
  };
};

/** Every client toggles the same task, without a precondition. */
export const toggleOne: Workload = () => {
  const { user, id } = storedTask(SPECIAL.contended, 1);
  return {
    request: send('PATCH', `/api/${user}/tasks/${id}/complete`, ''),
    check: (response, isSample) => statusIs(response, 200) ?? isTask(response, user, id, isSample),
  };
};

/** Keeps the revision that the response reports. */
function trackRevision(task: KnownTask, check: Check): Check {
  return (response, isSample) => {
    const { user, id } = task.stored;
    const problem = statusIs(response, 200) ?? isTask(response, user, id, isSample) ?? check(response, isSample);
    if (problem === undefined) task.revision = Number(etagOf(response)?.slice(1, -1));
    return problem;
  };
}

export const replace: Workload = ({ written, random }) => {
  const task = written.next();
  const { user, id } = task.stored;
  const title = `Replaced ${Math.floor(random() * 1e9)}`;
  const body = `{"title":"${title}","description":null,"completed":${task.completed}}`;
  return {
    request: send('PUT', `/api/${user}/tasks/${id}`, body, `if-match: "${task.revision}"\r\n`),
    check: trackRevision(task, (response) => (response.body.includes(title) ? undefined : 'not replaced')),
  };
};

export const complete: Workload = ({ written }) => {
  const task = written.next();
  const { user, id } = task.stored;
  const wanted = !task.completed;
  return {
    request: send('PATCH', `/api/${user}/tasks/${id}/complete`, ''),
    check: trackRevision(task, ({ body }) => {
      if (!body.includes(`"completed":${wanted}`)) return 'not toggled';
      task.completed = wanted;
      return undefined;
    }),
  };
};
