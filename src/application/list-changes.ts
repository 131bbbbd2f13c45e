import type { ResyncRequired } from '../domain/failures.ts';
import type { UserId } from '../domain/ids.ts';
import { ok, type Result } from '../domain/result.ts';
import type { ChangePage, ChangesQuery, TaskRepository } from './ports.ts';

/** As many as a first page ever holds, whatever its limit: some megabytes. */
const MAX_FIRST_CHANGES = 10_000;

export class ListChanges {
  readonly #tasks: TaskRepository;

  constructor(tasks: TaskRepository) {
    this.#tasks = tasks;
  }

  /**
   * A walk that begins is told apart from a follower who has missed deletions by the `snapshot` that it hands on. Where
   * its first page can reach beyond all that was purged, nothing has to be told apart, so that one is made longer.
   */
  async execute(owner: UserId, query: ChangesQuery): Promise<Result<ChangePage, ResyncRequired>> {
    const page = await this.#tasks.changes(owner, query);
    if (query.since !== undefined || !page.ok || !endsBelowPurged(page.value)) return page;
    const longer = await this.#tasks.changes(owner, { ...query, limit: MAX_FIRST_CHANGES });
    return longer.ok && !endsBelowPurged(longer.value) ? ok(shortened(longer.value)) : page;
  }
}

const endsBelowPurged = ({ hasMore, revision, purged }: ChangePage): boolean => hasMore && revision < purged;

/** To what lies within the purged revision, all of which the follower has then reached. */
function shortened(page: ChangePage): ChangePage {
  const changes = page.changes.filter(({ revision }) => revision <= page.purged);
  const hasMore = page.hasMore || changes.length < page.changes.length;
  return { ...page, changes, hasMore, revision: hasMore ? page.purged : page.revision };
}
