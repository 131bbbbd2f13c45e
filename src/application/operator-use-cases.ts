import { DistributeTasks } from './distribute-tasks.ts';
import { EraseOwner } from './erase-owner.ts';
import type { TaskDistribution, TaskErasure } from './ports.ts';
import { PurgeTombstones } from './purge-tombstones.ts';
import { ResyncFollowers } from './resync-followers.ts';

/** Everything the application can do for those who run it. */
export type OperatorUseCases = ReturnType<typeof operatorUseCases>;

export const operatorUseCases = (erasure: TaskErasure, distribution: TaskDistribution) => ({
  purge: new PurgeTombstones(erasure),
  erase: new EraseOwner(erasure),
  resync: new ResyncFollowers(erasure),
  distribute: new DistributeTasks(distribution),
});
