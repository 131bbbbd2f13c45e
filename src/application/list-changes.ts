import type { ResyncRequired } from '../domain/failures.ts';
import type { UserId } from '../domain/ids.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Task } from '../domain/task.ts';
import { PAGE_MAX_BYTES, textBytes } from './page-bytes.ts';
import type { CallOptions, ChangePage, ChangesQuery, TaskRepository } from './ports.ts';

/** A first page is made longer than its limit up to so many changes, and up to `PAGE_MAX_BYTES`. */
const MAX_FIRST_CHANGES = 10_000;
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
  async execute(
    owner: UserId,
    query: ChangesQuery,
    options?: CallOptions,
  ): Promise<Result<ChangePage, ResyncRequired>> {
    const page = await this.#tasks.changes(owner, query, options);
    if (query.since !== undefined || !page.ok || !endsBelowPurged(page.value)) return page;
    return ok((await this.#lengthened(owner, page.value, options)) ?? page.value);
  }

  /** The live tasks as far as all that was purged, read piece by piece; nothing if these are too many, or too long. */
  async #lengthened(
    owner: UserId,
    first: ChangePage,
    options: CallOptions | undefined,
  ): Promise<ChangePage | undefined> {
    const { purged } = first;
    const changes = [...first.changes];
    let bytes = bytesOf(changes);
    let end = first;
    while (endsBelowPurged(end)) {
      const query = { since: end.revision, snapshot: purged, onlyLive: true, limit: CHANGES_AT_ONCE };
      const piece = await this.#tasks.changes(owner, query, options);
      if (!piece.ok) return undefined;
      end = piece.value;
      // A task that changes meanwhile moves behind `purged`, and so to the next page.
      const read = end.changes.filter(({ revision }) => revision <= purged);
      changes.push(...read);
      bytes += bytesOf(read);
      if (changes.length > MAX_FIRST_CHANGES || bytes > PAGE_MAX_BYTES) return undefined;
    }
    const next = await this.#tasks.changes(owner, { since: purged, limit: 1 }, options);
    if (!next.ok) return undefined;
    const hasMore = next.value.changes.length > 0;
    return { changes, hasMore, revision: hasMore ? purged : next.value.revision, purged };
  }
}

const endsBelowPurged = ({ hasMore, revision, purged }: ChangePage): boolean => hasMore && revision < purged;

const bytesOf = (tasks: readonly Task[]): number => tasks.reduce((bytes, task) => bytes + textBytes(task), 0);
