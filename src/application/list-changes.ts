import type { ResyncRequired } from '../domain/failures.ts';
import type { UserId } from '../domain/ids.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Task } from '../domain/task.ts';
import type { ChangePage, ChangesQuery, TaskRepository } from './ports.ts';

/** Beyond its limit, a first page never holds more than about as many tasks and as much text: some megabytes. */
const MAX_FIRST_CHANGES = 10_000;
const MAX_FIRST_LENGTH = 2_000_000;
const CHANGES_AT_ONCE = 1_000;

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
    return ok((await this.#lengthened(owner, page.value)) ?? page.value);
  }

  /** The same page as far as all that was purged, read piece by piece; nothing if that would be too long. */
  async #lengthened(owner: UserId, first: ChangePage): Promise<ChangePage | undefined> {
    const live = new Map(first.changes.map((task) => [task.id, task]));
    let length = lengthOf(first.changes);
    let end = first;
    while (endsBelowPurged(end)) {
      if (live.size >= MAX_FIRST_CHANGES || length >= MAX_FIRST_LENGTH) return undefined;
      const query = { since: end.revision, snapshot: first.purged, limit: CHANGES_AT_ONCE };
      const piece = await this.#tasks.changes(owner, query);
      if (!piece.ok) return undefined;
      end = piece.value;
      length += lengthOf(end.changes);
      // What has changed since it was read, comes again.
      for (const task of end.changes) {
        live.delete(task.id);
        if (task.deletedAt === null) live.set(task.id, task);
      }
    }
    return shortened({ ...end, changes: [...live.values()], purged: first.purged });
  }
}

const endsBelowPurged = ({ hasMore, revision, purged }: ChangePage): boolean => hasMore && revision < purged;

const lengthOf = (tasks: readonly Task[]): number =>
  tasks.reduce((length, { title, description }) => length + title.length + (description?.length ?? 0), 0);

/** To what lies within the purged revision, all of which the follower has then reached. */
function shortened(page: ChangePage): ChangePage {
  const changes = page.changes.filter(({ revision }) => revision <= page.purged);
  const hasMore = page.hasMore || changes.length < page.changes.length;
  return { ...page, changes, hasMore, revision: hasMore ? page.purged : page.revision };
}
