import type { DistributeTasks } from '../../application/distribute-tasks.ts';
import { type Choices, mayGoOn, type Terminal } from './terminal.ts';

const NO_CLUSTER =
  'This PostgreSQL is no cluster: it has no extension citus. Nothing was changed, and nothing needs to be: one server does ' +
  'without. docs/scaling.md says when to use several.';

const OTHERWISE =
  'The tables are distributed already, but not both of them by user_id and together. Nothing was changed: undo it with ' +
  'undistribute_table(), then run this again.';

const LEFT_BEHIND =
  'The coordinator keeps the rows from before on its disk, unseen. Once all is well, this frees their room: select ' +
  "truncate_local_data_after_distributing_table('public.tasks'); the same for 'public.task_lists'.";

const RESTART = 'Restart every process of the service that was started before the extension was created.';

/** Spreads the tasks over the machines of a cluster. @returns the exit code */
export async function distribute(useCase: DistributeTasks, choices: Choices, terminal: Terminal): Promise<number> {
  const state = await useCase.preview();
  if (state.kind === 'no-cluster') throw new Error(NO_CLUSTER);
  if (state.kind === 'distributed-otherwise') throw new Error(OTHERWISE);
  const over = `over ${state.machines} machines by user_id`;
  if (state.kind === 'distributed') {
    terminal.say(`The tasks are distributed ${over} already.`);
    return 0;
  }
  terminal.say('All tasks of one owner will lie on one machine. Until they are copied, requests for tasks get 503.');
  if (!(await mayGoOn(`distribute all tasks ${over}`, choices, terminal))) return 0;

  await useCase.execute();
  terminal.say(`Distributed all tasks ${over}.`);
  terminal.say(RESTART);
  terminal.say(LEFT_BEHIND);
  return 0;
}
