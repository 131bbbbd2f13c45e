import type { Added, ListQuery, Page, Position, Stale, TaskRepository } from '../../application/ports.ts';
import type { IdTaken } from '../../domain/failures.ts';
import type { Revision, TaskId, UserId } from '../../domain/ids.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { NewTask, Task } from '../../domain/task.ts';

interface TaskList {
  revision: Revision;
  readonly entries: Map<TaskId, { readonly birth: NewTask; readonly task: Task }>;
}

/** Keeps everything in the process and loses it with it. The model that every other adapter is compared with. */
export class InMemoryTaskRepository implements TaskRepository {
  readonly #lists = new Map<UserId, TaskList>();

  async find(owner: UserId, id: TaskId): Promise<Task | undefined> {
    return this.#lists.get(owner)?.entries.get(id)?.task;
  }

  async add(birth: NewTask): Promise<Result<Added, IdTaken>> {
    const list = this.#lists.get(birth.owner) ?? emptyList();
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

  async replace(task: Task, expected: Revision): Promise<Result<Task, Stale>> {
    const list = this.#lists.get(task.owner);
    const existing = list?.entries.get(task.id);
    if (list === undefined || existing?.task.revision !== expected) return fail({ kind: 'stale' });

    const stored = { ...task, revision: nextRevision(list) };
    list.entries.set(task.id, { birth: existing.birth, task: stored });
    return ok(stored);
  }

  async list(owner: UserId, query: ListQuery): Promise<Page> {
    const { revision, entries } = this.#lists.get(owner) ?? emptyList();
    const matching = [...entries.values()].map(({ task }) => task).filter((task) => matches(task, query));
    const compare = comparison(query);
    const { after } = query;
    const rest = after === undefined ? matching : matching.filter((task) => compare(task, after) > 0);
    const tasks = rest.sort(compare).slice(0, query.limit);
    return {
      tasks,
      next: rest.length > tasks.length ? tasks.at(-1) : undefined,
      revision,
      total: query.withTotal ? matching.length : undefined,
    };
  }
}

const emptyList = (): TaskList => ({ revision: 0 as Revision, entries: new Map() });

function nextRevision(list: TaskList): Revision {
  list.revision = (list.revision + 1) as Revision;
  return list.revision;
}

const sameBirth = (one: NewTask, other: NewTask): boolean =>
  one.title === other.title && one.description === other.description && one.completed === other.completed;

function matches(task: Task, { completed, text }: ListQuery): boolean {
  if (task.deletedAt !== null) return false;
  if (completed !== undefined && task.completed !== completed) return false;
  return text === undefined || contains(task.title, text) || contains(task.description ?? '', text);
}

/** Upper case, because lower case tells a sigma at the end of a word from the others. */
const contains = (text: string, part: string): boolean => text.toUpperCase().includes(part.toUpperCase());

function comparison({ orderBy, descending }: ListQuery): (one: Position, other: Position) => number {
  const ascending =
    orderBy === 'revision'
      ? (one: Position, other: Position) => one.revision - other.revision
      : (one: Position, other: Position) =>
          one.createdAt.getTime() - other.createdAt.getTime() || (one.id < other.id ? -1 : Number(one.id > other.id));
  return descending ? (one, other) => -ascending(one, other) : ascending;
}
