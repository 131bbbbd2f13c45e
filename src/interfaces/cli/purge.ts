import type { PurgeTombstones } from '../../application/purge-tombstones.ts';
import { type Choices, mayErase, type Terminal } from './terminal.ts';

/** Erases for good what was deleted before a moment. @returns the exit code */
export async function purge(
  useCase: PurgeTombstones,
  deletedBefore: Date,
  choices: Choices,
  terminal: Terminal,
): Promise<number> {
  const { owners, tombstones } = await useCase.preview(deletedBefore);
  const what = `${tombstones} tasks of ${owners} owners, deleted before ${deletedBefore.toISOString()}`;
  if (tombstones === 0) terminal.say('There is nothing to purge.');
  if (tombstones === 0 || !(await mayErase(what, choices, terminal))) return 0;

  const purged = await useCase.execute(deletedBefore, (soFar) => terminal.progress(`${soFar} of ${tombstones} erased`));
  terminal.say(`Erased ${purged} deleted tasks for good.`);
  return 0;
}
