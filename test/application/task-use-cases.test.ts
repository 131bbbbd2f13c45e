import { beforeEach, describe, expect, it } from 'vitest';
import { CallAborted, type CallOptions } from '../../src/application/ports.ts';
import { type TaskUseCases, taskUseCases } from '../../src/application/task-use-cases.ts';
import type { Revision, TaskId, UserId } from '../../src/domain/ids.ts';
import type { Task } from '../../src/domain/task.ts';
import { InMemoryTaskRepository } from '../../src/infrastructure/memory/in-memory-task-repository.ts';
import { at, ids } from '../support/tasks.ts';

const alice = 'alice' as UserId;
const bob = 'bob' as UserId;
const everything = { deleted: false, orderBy: 'createdAt', descending: false, limit: 100, withTotal: true } as const;

let time: Date;
let tasks: InMemoryTaskRepository;
let useCases: TaskUseCases;

beforeEach(() => {
  time = at(0);
  tasks = new InMemoryTaskRepository();
  useCases = taskUseCases(tasks, { now: () => time }, ids);
});

async function given(title: string, owner = alice, description: string | null = null): Promise<Task> {
  const outcome = await useCases.create.execute(owner, { title, description, completed: false });
  if (!outcome.ok) throw new Error('The task was expected to be created');
  return outcome.value.task;
}

const notFound = { ok: false, failure: { kind: 'task-not-found' } };

describe('a copy that begins after a purge, in pages as small as can be', () => {
  async function givenPurged(count: number, description: string | null = null): Promise<void> {
    for (let n = 0; n < count; n++) await given(`task ${n}`, alice, description);
    await useCases.delete.execute(alice, (await given('doomed')).id);
    time = at(1);
    await tasks.purge(alice, time, 100);
  }

  it('is led on by the revision of each page alone', async () => {
    await givenPurged(5);
    await given('later');

    const titles: string[][] = [];
    for (let since: Revision | undefined, pages = 0; ; pages++) {
      const page = await useCases.changes.execute(alice, { since, limit: 1 });
      if (!page.ok || pages > 10) throw new Error('The walk does not end');
      titles.push(page.value.changes.map(({ title }) => title));
      since = page.value.revision;
      if (!page.value.hasMore) break;
    }

    expect(titles).toEqual([['task 0', 'task 1', 'task 2', 'task 3', 'task 4'], ['later']]);
  });

  it.each([5, 10_000])('ends with its first page where nothing was written since %i tasks', async (count) => {
    await givenPurged(count);
    const page = await useCases.changes.execute(alice, { since: undefined, limit: 1 });
    expect(page).toMatchObject({ ok: true, value: { hasMore: false, revision: await tasks.revision(alice) } });
  });

  it('is led on by the snapshot that it hands on, where a page cannot reach that far', async () => {
    await givenPurged(11_001);

    const first = await useCases.changes.execute(alice, { since: undefined, limit: 600 });
    if (!first.ok) throw new Error('A walk can always begin');
    expect(first.value).toMatchObject({ revision: 600, hasMore: true });
    const { revision: since, purged: snapshot } = first.value;
    const short = await useCases.changes.execute(alice, { since, snapshot, limit: 10 });
    expect(short).toMatchObject({ ok: true, value: { revision: 610, hasMore: true } });
    const second = await useCases.changes.execute(alice, { since, snapshot, limit: 10_500 });
    expect(second).toMatchObject({ ok: true, value: { hasMore: false } });
    expect(second.ok && second.value.changes).toHaveLength(10_401);
  });

  it('is no longer than was asked for where that would be too much text', async () => {
    await givenPurged(1_002, 'x'.repeat(2_000));
    const page = await useCases.changes.execute(alice, { since: undefined, limit: 1 });
    expect(page).toMatchObject({ ok: true, value: { revision: 1, hasMore: true } });
  });

  it.each([
    ['exactly as many bytes as a page may hold', 'x', 66],
    ['one byte more', 'é', 1],
  ])('counts UTF-8 bytes: %s', async (_what, title, expected) => {
    for (let n = 0; n < 65; n++) await given('x', alice, '𝒳'.repeat(4_000));
    const bytesLeft = 1_048_576 - 65 * 16_001;
    await given(title, alice, `xx${'𝒳'.repeat((bytesLeft - 3) / 4)}`);
    await givenPurged(0);
    const page = await useCases.changes.execute(alice, { since: undefined, limit: 1 });
    expect(page.ok && page.value.changes).toHaveLength(expected);
  });

  it('does not count the text of tombstones, of which it tells nothing', async () => {
    for (let n = 0; n < 1_200; n++) {
      const task = await given(`task ${n}`, alice, n < 1_000 ? 'x'.repeat(3_000) : null);
      if (n < 1_000) await useCases.delete.execute(alice, task.id);
    }
    await tasks.leap(1_000, undefined, 10);
    const page = await useCases.changes.execute(alice, { since: undefined, limit: 100 });
    expect(page).toMatchObject({ ok: true, value: { hasMore: false, revision: await tasks.revision(alice) } });
    expect(page.ok && page.value.changes).toHaveLength(200);
  });

  describe('while somebody writes', () => {
    /** Between the first page and what it is lengthened by. */
    function meanwhile(write: () => Promise<unknown>): void {
      const changes = tasks.changes.bind(tasks);
      tasks.changes = async (owner, query) => {
        if (query.since !== undefined) await write();
        return changes(owner, query);
      };
    }

    it('tells of each task once, and on the next page what became of it', async () => {
      await givenPurged(4);
      const [first, second] = (await useCases.list.execute(alice, { ...everything, descending: false })).tasks;
      meanwhile(async () => {
        await useCases.edit.execute(alice, first?.id as TaskId, { title: 'edited' });
        await useCases.delete.execute(alice, second?.id as TaskId);
      });
      const page = await useCases.changes.execute(alice, { since: undefined, limit: 2 });
      if (!page.ok) throw new Error('A walk can always begin');
      const { changes, revision, hasMore } = page.value;
      expect(changes.map(({ title }) => title)).toEqual(['task 0', 'task 1', 'task 2', 'task 3']);
      expect(hasMore).toBe(true);
      const next = await useCases.changes.execute(alice, { since: revision, limit: 10 });
      expect(next.ok && next.value.changes).toMatchObject([
        { title: 'edited' },
        { title: 'task 1', deletedAt: expect.any(Date) },
      ]);
    });

    it('is as long as was asked for if more was purged', async () => {
      await givenPurged(4);
      const doomed = await given('doomed, too');
      await useCases.delete.execute(alice, doomed.id);
      time = at(2);
      meanwhile(() => tasks.purge(alice, time, 100));
      const page = await useCases.changes.execute(alice, { since: undefined, limit: 2 });
      expect(page.ok && page.value.changes.map(({ title }) => title)).toEqual(['task 0', 'task 1']);
    });
  });
});

describe('creating', () => {
  it('tells no replay where nobody named the task, although the storage was asked twice', async () => {
    const add = tasks.add.bind(tasks);
    tasks.add = async (birth) => {
      await add(birth);
      return add(birth);
    };
    const outcome = await useCases.create.execute(alice, { title: 'one', description: null, completed: false });
    expect(outcome).toMatchObject({ ok: true, value: { replayed: false } });
  });

  it('stores the task under a new id and the next revision', async () => {
    const [first, second] = [await given('one'), await given('two')];
    expect(first.id).not.toBe(second.id);
    expect([first.revision, second.revision]).toEqual([1, 2]);
    expect(await useCases.get.execute(alice, first.id)).toEqual({ ok: true, value: first });
  });

  it('is refused, and no key blamed, where an id is given out twice', async () => {
    const first = await given('one');
    const twice = taskUseCases(tasks, { now: () => time }, { next: () => first.id, derive: () => first.id });
    const outcome = await twice.create.execute(alice, { title: 'two', description: null, completed: false });
    expect(outcome).toEqual({ ok: false, failure: { kind: 'id-taken' } });
  });

  it('stores nothing that is invalid', async () => {
    const outcome = await useCases.create.execute(alice, { title: ' ', description: null, completed: false });
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'invalid-task' } });
    expect((await useCases.list.execute(alice, everything)).total).toBe(0);
  });
});

describe('every change', () => {
  const changes: Record<string, (task: Task, owner: UserId, expected?: Revision[]) => Promise<{ ok: boolean }>> = {
    edit: (task, owner, expected) => useCases.edit.execute(owner, task.id, { title: 'changed' }, expected),
    complete: (task, owner, expected) => useCases.complete.execute(owner, task.id, true, expected),
    toggle: (task, owner, expected) => useCases.complete.execute(owner, task.id, 'toggle', expected),
    delete: (task, owner, expected) => useCases.delete.execute(owner, task.id, expected),
  };

  describe.each(Object.entries(changes))('%s', (_name, change) => {
    it('finds no task of another owner', async () => {
      const task = await given('mine');
      expect(await change(task, bob)).toEqual(notFound);
      expect(await useCases.get.execute(alice, task.id)).toEqual({ ok: true, value: task });
    });

    it('finds no deleted task', async () => {
      const task = await given('mine');
      await useCases.delete.execute(alice, task.id);
      expect(await change(task, alice)).toEqual(notFound);
    });

    it('takes place under a revision that the task has', async () => {
      const task = await given('mine');
      expect(await change(task, alice, [99 as Revision, task.revision])).toMatchObject({
        ok: true,
        value: { revision: task.revision + 1 },
      });
    });

    it('is refused, with the task as it stands, under revisions that it has not', async () => {
      const task = await given('mine');
      expect(await change(task, alice, [99 as Revision])).toEqual({
        ok: false,
        failure: { kind: 'revision-mismatch', current: task },
      });
    });

    it('says "not found" before "has changed"', async () => {
      const task = await given('mine');
      expect(await change(task, bob, [99 as Revision])).toEqual(notFound);
    });

    it('stamps the time', async () => {
      const task = await given('mine');
      time = at(5_000);
      expect(await change(task, alice)).toMatchObject({ value: { createdAt: at(0), updatedAt: at(5_000) } });
    });
  });

  it('writes nothing when it would change nothing', async () => {
    const task = await given('mine');
    time = at(5_000);
    const outcome = await useCases.edit.execute(alice, task.id, { title: 'mine', completed: false });
    expect(outcome).toEqual({ ok: true, value: task });
    expect((await useCases.list.execute(alice, everything)).revision).toBe(task.revision);
  });

  it('is checked by the rules of a task', async () => {
    const task = await given('mine');
    const outcome = await useCases.edit.execute(alice, task.id, { title: 'x'.repeat(256) });
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'invalid-task' } });
  });
});

describe('completing', () => {
  it('sets, toggles, and keeps the first time when repeated', async () => {
    const { id } = await given('mine');
    time = at(1);
    const first = await useCases.complete.execute(alice, id, 'toggle');
    time = at(2);
    const second = await useCases.complete.execute(alice, id, true);
    expect(second).toEqual(first);
    expect(first).toMatchObject({ value: { completed: true, completedAt: at(1) } });
    expect(await useCases.complete.execute(alice, id, 'toggle')).toMatchObject({
      value: { completed: false, completedAt: null },
    });
  });
});

describe('losing against another writer', () => {
  /** Lets another writer in between each read and each write, as many times as told. */
  class ContestedRepository extends InMemoryTaskRepository {
    interruptions = 0;
    onInterruption = () => {};

    override async replace(task: Task, expected: Revision, options?: CallOptions) {
      if (this.interruptions > 0) {
        this.interruptions--;
        this.onInterruption();
        const current = await this.find(task.owner, task.id);
        if (current)
          await super.replace({ ...current, description: `edited, ${this.interruptions} to go` }, current.revision);
      }
      return super.replace(task, expected, options);
    }
  }

  let contested: ContestedRepository;
  beforeEach(() => {
    contested = new ContestedRepository();
    useCases = taskUseCases(contested, { now: () => time }, ids);
  });

  it('reads and decides again, and so loses nothing of what the other wrote', async () => {
    const { id } = await given('mine');
    contested.interruptions = 3;
    expect(await useCases.edit.execute(alice, id, { title: 'changed' })).toMatchObject({
      ok: true,
      value: { title: 'changed', description: 'edited, 0 to go', revision: 5 },
    });
  });

  it('is told to a writer who named a revision', async () => {
    const { id, revision } = await given('mine');
    contested.interruptions = 1;
    expect(await useCases.edit.execute(alice, id, { title: 'changed' }, [revision])).toMatchObject({
      ok: false,
      failure: { kind: 'revision-mismatch', current: { title: 'mine', revision: 2 } },
    });
  });

  it('retries until it wins, however often that takes', async () => {
    const { id } = await given('mine');
    contested.interruptions = 250;
    expect(await useCases.edit.execute(alice, id, { title: 'changed' })).toMatchObject({ ok: true });
  });

  it('stops when the caller aborts, with nothing changed', async () => {
    const { id } = await given('mine');
    contested.interruptions = Number.POSITIVE_INFINITY;
    const signal = { aborted: false };
    contested.onInterruption = () => {
      signal.aborted = true;
    };
    await expect(useCases.edit.execute(alice, id, { title: 'changed' }, undefined, { signal })).rejects.toThrow(
      CallAborted,
    );
    expect(await useCases.get.execute(alice, id)).toMatchObject({ value: { title: 'mine' } });
  });
});

describe('many concurrent changes of one task', () => {
  /** Counts statements, and answers each after a turn of the event loop. */
  class CountingRepository extends InMemoryTaskRepository {
    statements: string[] = [];
    failNext: 'replace' | undefined;

    override async find(...call: Parameters<InMemoryTaskRepository['find']>) {
      this.statements.push('find');
      await turn();
      return super.find(...call);
    }

    override async replace(...call: Parameters<InMemoryTaskRepository['replace']>) {
      this.statements.push('replace');
      await turn();
      if (this.failNext === 'replace') {
        this.failNext = undefined;
        throw new Error('lost');
      }
      return super.replace(...call);
    }
  }

  const turn = () => new Promise((resolve) => setImmediate(resolve));

  let counting: CountingRepository;
  beforeEach(() => {
    counting = new CountingRepository();
    useCases = taskUseCases(counting, { now: () => time }, ids);
  });

  const title = (n: number) => ({ title: `title ${n}` });

  it('run in order of arrival, with one statement each', async () => {
    const { id } = await given('mine');
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, n) => useCases.edit.execute(alice, id, title(n))),
    );
    expect(outcomes.every((outcome) => outcome.ok)).toBe(true);
    expect(outcomes.map((outcome) => outcome.ok && outcome.value.revision)).toEqual(
      Array.from({ length: 200 }, (_, n) => n + 2),
    );
    expect(counting.statements).toEqual(['find', ...new Array(200).fill('replace')]);
  });

  it('toggle from the row that the one before stored', async () => {
    const { id } = await given('mine');
    await Promise.all(Array.from({ length: 51 }, () => useCases.complete.execute(alice, id, 'toggle')));
    expect(await useCases.get.execute(alice, id)).toMatchObject({ value: { completed: true, revision: 52 } });
  });

  it('confirm a failure with a read, because the row that was handed over may be out of date', async () => {
    const { id, revision } = await given('mine');
    const [first, second] = await Promise.all([
      useCases.edit.execute(alice, id, title(1), [revision]),
      useCases.edit.execute(alice, id, title(2), [revision]),
    ]);
    expect(first).toMatchObject({ ok: true });
    expect(second).toMatchObject({ failure: { kind: 'revision-mismatch', current: title(1) } });
    expect(counting.statements).toEqual(['find', 'replace', 'find']);
  });

  it('do not decide on a row that another process changed meanwhile', async () => {
    const { id } = await given('mine');
    const first = useCases.edit.execute(alice, id, title(1));
    const second = useCases.complete.execute(alice, id, true);
    const stored = await first;
    if (!stored.ok) throw new Error('not stored');
    // From the side, before the second change sends its statement.
    await InMemoryTaskRepository.prototype.replace.call(
      counting,
      { ...stored.value, description: 'from elsewhere' },
      stored.value.revision,
    );
    expect(await second).toMatchObject({
      value: { title: 'title 1', description: 'from elsewhere', completed: true },
    });
  });

  it('start from a read after one that failed', async () => {
    const { id } = await given('mine');
    counting.failNext = 'replace';
    const outcomes = await Promise.allSettled([1, 2].map((n) => useCases.edit.execute(alice, id, title(n))));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(counting.statements).toEqual(['find', 'replace', 'find', 'replace']);
  });

  it('skip one that was aborted in the queue, and hand the row past it', async () => {
    const { id } = await given('mine');
    const outcomes = await Promise.allSettled([
      useCases.edit.execute(alice, id, title(1)),
      useCases.edit.execute(alice, id, title(2), undefined, { signal: { aborted: true } }),
      useCases.edit.execute(alice, id, title(3)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { name: 'CallAborted' } });
    expect(counting.statements).toEqual(['find', 'replace', 'replace']);
  });

  it('do not wait for changes of other tasks, or of the same id of another user', async () => {
    const one = await given('mine');
    const other = await given('mine too');
    await Promise.all([
      useCases.edit.execute(alice, one.id, title(1)),
      useCases.edit.execute(alice, other.id, title(2)),
    ]);
    expect(counting.statements).toEqual(['find', 'find', 'replace', 'replace']);
  });
});
