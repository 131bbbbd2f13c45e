import type { EraseOwner } from '../../application/erase-owner.ts';
import type { UserId } from '../../domain/ids.ts';
import { type Choices, mayErase, type Terminal } from './terminal.ts';

/** Erases all that one owner ever had. @returns the exit code */
export async function erase(useCase: EraseOwner, owner: UserId, choices: Choices, terminal: Terminal): Promise<number> {
  const tasks = await useCase.preview(owner);
  if (!(await mayErase(`${tasks} tasks of one owner, and that there ever was one`, choices, terminal))) return 0;

  const erased = await useCase.execute(owner, (soFar) => terminal.progress(`${soFar} of ${tasks} erased`));
  terminal.say(`Erased ${erased} tasks and their owner for good.`);
  return 0;
}
