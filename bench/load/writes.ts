import { ownerName } from '../database/data-set.ts';
import { etagIn } from './answer.ts';
import { send, type Workload } from './exchange.ts';
import { type Check, isTask, statusIs } from './expectations.ts';
import type { KnownTask } from './written-tasks.ts';

export const create: Workload = ({ size, random }) => {
  const owner = ownerName(size.quiet + 1 + Math.floor(random() * (size.owners - size.quiet - 1)));
  const title = `A task to be done ${Math.floor(random() * 1e9)}`;
  const body = `{"title":"${title}","description":"Look after it before the end of the week, and tell the others"}`;
  return {
    request: send('POST', `/api/${owner}/tasks`, body),
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

export const replace: Workload = ({ written, random }) => {
  const task = written.next();
  const { owner, id } = task.stored;
  const title = `Replaced ${Math.floor(random() * 1e9)}`;
  const body = `{"title":"${title}","description":null,"completed":${task.completed}}`;
  return {
    request: send('PUT', `/api/${owner}/tasks/${id}`, body, `if-match: "${task.revision}"\r\n`),
    check: follow(task, ({ body: answered }) => (answered.includes(title) ? undefined : 'not replaced')),
  };
};

export const complete: Workload = ({ written }) => {
  const task = written.next();
  const { owner, id } = task.stored;
  const wanted = !task.completed;
  return {
    request: send('PATCH', `/api/${owner}/tasks/${id}/complete`, ''),
    check: follow(task, ({ body }) => {
      if (!body.includes(`"completed":${wanted}`)) return 'not toggled';
      task.completed = wanted;
      return undefined;
    }),
  };
};
