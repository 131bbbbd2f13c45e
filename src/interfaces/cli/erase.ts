import type { EraseOwner } from '../../application/erase-owner.ts';
import type { UserId } from '../../domain/ids.ts';
import { type Choices, mayErase, type Terminal } from './terminal.ts';

/** Erases all that one owner ever had. @returns the exit code */
export async function erase(useCase: EraseOwner, owner: UserId, choices: Choices, terminal: Terminal): Promise<number> {
  const tasks = await useCase.preview(owner);
  if (tasks === 0) terminal.say('The owner has no tasks.');
  if (!(await mayErase(`${tasks} tasks of one owner, and that there ever was one`, choices, terminal))) return 0;

  const erased = await useCase.execute(owner, (soFar) => terminal.progress(`${soFar} of ${tasks} erased`));
  terminal.say(`Erased ${erased.tasks} tasks for good.`);
  if (erased.isComplete) return 0;
  terminal.say('Somebody writes as this owner at the same time. Keep them away, and run it again.');
  return 1;
}
