import { firstPage } from '../../application/page-bytes.ts';
import {
  type Added,
  assertNotAborted,
  type CallOptions,
  type ChangePage,
  type ChangesQuery,
  type Erased,
  type ListQuery,
  type Page,
  type Position,
  type Stale,
  type TaskErasure,
  type TaskRepository,
  type TombstoneCount,
} from '../../application/ports.ts';
import type { IdTaken, ResyncRequired } from '../../domain/failures.ts';
import type { Revision, TaskId, UserId } from '../../domain/ids.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { NewTask, Task } from '../../domain/task.ts';

interface TaskList {
  revision: Revision;
  purged: Revision;
  readonly entries: Map<TaskId, { readonly birth: NewTask; readonly task: Task }>;
}

/** Keeps everything in the process and loses it with it. The model that every other adapter is compared with. */
export class InMemoryTaskRepository implements TaskRepository, TaskErasure {
  readonly #lists = new Map<UserId, TaskList>();

  async find(owner: UserId, id: TaskId, options?: CallOptions): Promise<Task | undefined> {
    begin(options);
    return this.#lists.get(owner)?.entries.get(id)?.task;
  }

  async add(birth: NewTask, options?: CallOptions): Promise<Result<Added, IdTaken>> {
    begin(options);
    const list = this.#listOf(birth.owner);
    const existing = list.entries.get(birth.id);
    if (existing !== undefined) {
      return sameBirth(existing.birth, birth)
        ? ok({ task: existing.task, repeated: true })
        : fail({ kind: 'id-taken' });
    }
    const task = { ...birth, revision: nextRevision(list) };
    list.entries.set(task.id, { birth, task });
    this.#lists.set(birth.owner, list);
    return ok({ task, repeated: false });
  }

  async replace(task: Task, expected: Revision, options?: CallOptions): Promise<Result<Task, Stale>> {
    begin(options);
    const list = this.#listOf(task.owner);
    const existing = list.entries.get(task.id);
    if (existing?.task.revision !== expected) return fail({ kind: 'stale' });

    const stored = { ...task, revision: nextRevision(list) };
    list.entries.set(task.id, { birth: existing.birth, task: stored });
    return ok(stored);
  }

  async list(owner: UserId, query: ListQuery, options?: CallOptions): Promise<Page> {
    begin(options);
    const matching = this.#tasksOf(owner).filter((task) => matches(task, query));
    const compare = comparison(query);
    const { after } = query;
    const rest = after === undefined ? matching : matching.filter((task) => compare(task, after) > 0);
    const tasks = firstPage(rest.sort(compare), query.limit);
    return {
      tasks,
      next: rest.length > tasks.length ? tasks.at(-1) : undefined,
      revision: this.#listOf(owner).revision,
      total: query.withTotal ? matching.length : undefined,
    };
  }

  async revision(owner: UserId, options?: CallOptions): Promise<Revision> {
    begin(options);
    return this.#listOf(owner).revision;
  }

  async changes(
    owner: UserId,
    query: ChangesQuery,
    options?: CallOptions,
  ): Promise<Result<ChangePage, ResyncRequired>> {
    begin(options);
    const { since, snapshot, onlyLive = since === undefined, limit } = query;
    const { revision: head, purged } = this.#listOf(owner);
    if (since !== undefined && (since > head || Math.max(since, snapshot ?? 0) < purged)) {
      return fail({ kind: 'resync-required' });
    }
    const all = this.#tasksOf(owner).sort((one, other) => one.revision - other.revision);
    const rest = all.filter((task) => task.revision > (since ?? 0) && !(onlyLive && task.deletedAt !== null));
    const changes = firstPage(rest, limit);
    const hasMore = rest.length > changes.length;
    return ok({ changes, revision: hasMore ? (changes.at(-1)?.revision ?? head) : head, hasMore, purged });
  }

  async tombstones(deletedBefore: Date, after: UserId | undefined, limit: number): Promise<readonly TombstoneCount[]> {
    return [...this.#lists.keys()]
      .filter((owner) => after === undefined || owner > after)
      .sort()
      .map((owner) => ({ owner, tombstones: this.#tombstonesOf(owner, deletedBefore).length }))
      .filter(({ tombstones }) => tombstones > 0)
      .slice(0, limit);
  }

  async purge(owner: UserId, deletedBefore: Date, limit: number): Promise<number> {
    const list = this.#listOf(owner);
    const doomed = this.#tombstonesOf(owner, deletedBefore).slice(0, limit);
    for (const { id, revision } of doomed) {
      list.entries.delete(id);
      list.purged = Math.max(list.purged, revision) as Revision;
    }
    if (doomed.length > 0) nextRevision(list);
    return doomed.length;
  }

  async erase(owner: UserId, limit: number): Promise<Erased> {
    const list = this.#listOf(owner);
    const doomed = [...list.entries.keys()].slice(0, limit);
    for (const id of doomed) list.entries.delete(id);
    list.purged = nextRevision(list);
    const isComplete = list.entries.size === 0;
    if (isComplete) this.#lists.delete(owner);
    return { tasks: doomed.length, isComplete };
  }

  async count(owner: UserId): Promise<number> {
    return this.#listOf(owner).entries.size;
  }

  async leap(gap: number, after: UserId | undefined, limit: number): Promise<readonly UserId[]> {
    const owners = [...this.#lists.keys()].filter((owner) => after === undefined || owner > after).sort();
    const leaping = owners.slice(0, limit);
    for (const list of leaping.map((owner) => this.#listOf(owner))) {
      list.revision = (list.revision + gap) as Revision;
      list.purged = list.revision;
    }
    return leaping;
  }

  /** Of an owner who never wrote: an empty list that is kept by the first birth. */
  #listOf(owner: UserId): TaskList {
    return this.#lists.get(owner) ?? { revision: 0 as Revision, purged: 0 as Revision, entries: new Map() };
  }

  #tasksOf(owner: UserId): Task[] {
    return [...this.#listOf(owner).entries.values()].map(({ task }) => task);
  }

  #tombstonesOf(owner: UserId, deletedBefore: Date): Task[] {
    return this.#tasksOf(owner)
      .filter(({ deletedAt }) => deletedAt !== null && deletedAt < deletedBefore)
      .sort((one, other) => one.revision - other.revision);
  }
}

/** @throws {CallAborted} */
function begin(options: CallOptions | undefined): void {
  assertNotAborted(options);
  options?.onSend?.();
}

function nextRevision(list: TaskList): Revision {
  list.revision = (list.revision + 1) as Revision;
  return list.revision;
}

const sameBirth = (one: NewTask, other: NewTask): boolean =>
  one.title === other.title && one.description === other.description && one.completed === other.completed;

function matches(task: Task, { deleted, completed, text }: ListQuery): boolean {
  if ((task.deletedAt !== null) !== deleted) return false;
  if (completed !== undefined && task.completed !== completed) return false;
  return text === undefined || contains(task.title, text) || contains(task.description ?? '', text);
}

const contains = (text: string, part: string): boolean => folded(text).includes(folded(part));

/**
 * Upper case at last, because lower case tells a sigma at the end of a word from the others; lower case before, which
 * brings signs such as that of Kelvin together with their letters.
 */
const folded = (text: string): string => text.toLowerCase().toUpperCase();

function comparison({ orderBy, descending }: ListQuery): (one: Position, other: Position) => number {
  const ascending =
    orderBy === 'revision'
      ? (one: Position, other: Position) => one.revision - other.revision
      : (one: Position, other: Position) =>
          one.createdAt.getTime() - other.createdAt.getTime() || (one.id < other.id ? -1 : Number(one.id > other.id));
  return descending ? (one, other) => -ascending(one, other) : ascending;
}
