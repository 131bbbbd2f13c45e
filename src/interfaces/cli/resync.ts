import type { ResyncFollowers } from '../../application/resync-followers.ts';
import { type Choices, mayGoOn, type Terminal } from './terminal.ts';

const WHAT = 'raise the revisions of all owners and have every follower begin again';

/** For the time after a backup was restored. @returns the exit code */
export async function resync(useCase: ResyncFollowers, choices: Choices, terminal: Terminal): Promise<number> {
  if (!(await mayGoOn(WHAT, choices, terminal))) return 0;

  const owners = await useCase.execute((soFar) => terminal.progress(`${soFar} owners`));
  terminal.say(`Raised the revisions of ${owners} owners. Their followers begin again.`);
  return 0;
}
