import type { ListQuery } from '../../src/application/ports.ts';
import type { Revision, UserId } from '../../src/domain/ids.ts';
import { GatedTasks } from './gated-tasks.ts';
import { aTask } from './tasks.ts';

/** Some more megabytes than the kernel keeps for a connection whose client does not read. */
export const PAGE_BYTES = 8_000_000;

const TASK = aTask({ description: 'x'.repeat(4_000) });
const BIG_PAGE = {
  tasks: Array(PAGE_BYTES / 4_000).fill(TASK),
  next: undefined,
  revision: 1 as Revision,
  total: undefined,
};

/** Every page of a list is big; single tasks are held. */
export class BigPages extends GatedTasks {
  override async list(_userId: UserId, _query: ListQuery) {
    return BIG_PAGE;
  }
}
