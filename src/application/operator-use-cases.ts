import { EraseOwner } from './erase-owner.ts';
import type { TaskErasure } from './ports.ts';
import { PurgeTombstones } from './purge-tombstones.ts';

/** Everything the application can do for those who run it. */
export type OperatorUseCases = ReturnType<typeof operatorUseCases>;

export const operatorUseCases = (erasure: TaskErasure) => ({
  purge: new PurgeTombstones(erasure),
  erase: new EraseOwner(erasure),
});
