import { beforeAll, describe, expect, it } from 'vitest';
import { PAGE_MAX_BYTES } from '../../src/application/page-bytes.ts';
import {
  CallAborted,
  type ChangePage,
  type ChangesQuery,
  type ListQuery,
  type Page,
  type TaskErasure,
  type TaskRepository,
} from '../../src/application/ports.ts';
import type { Revision, TaskId, UserId } from '../../src/domain/ids.ts';
import { DESCRIPTION_MAX_LENGTH, TITLE_MAX_LENGTH } from '../../src/domain/limits.ts';
import type { NewTask, Task } from '../../src/domain/task.ts';
import { freshOwner } from '../support/owners.ts';
import { aBirth, at, freshId } from '../support/tasks.ts';

/** What every adapter of `TaskRepository`, and of `TaskErasure` beside it, promises. */
export function describeTaskRepository(
  name: string,
  create: () => Promise<{ tasks: TaskRepository; erasure: TaskErasure }>,
): void {
  describe(`${name} keeps the contract of TaskRepository`, () => {
    let tasks: TaskRepository;
    let erasure: TaskErasure;
    beforeAll(async () => {
      ({ tasks, erasure } = await create());
    });

    /** Births under their owner, one after the other. */
    async function given<Births extends NewTask[]>(...births: Births): Promise<{ [Index in keyof Births]: Task }> {
      const stored: Task[] = [];
      for (const birth of births) stored.push(await added(tasks, birth));
      return stored as { [Index in keyof Births]: Task };
    }

    describe('round trip', () => {
      it('keeps every field of a new task', async () => {
        const birth = aBirth({
          owner: freshOwner(),
          title: 'Write the minutes',
          description: 'Two pages',
          completed: true,
          completedAt: at(1),
          createdAt: at(2),
          updatedAt: at(3),
        });
        const [stored] = await given(birth);

        expect(stored).toEqual({ ...birth, revision: 1 });
        expect(await tasks.find(birth.owner, birth.id)).toEqual(stored);
      });

      it('keeps every field that a change may touch', async () => {
        const [task] = await given(aBirth({ owner: freshOwner() }));
        const changed = {
          ...task,
          title: 'Buy oat milk',
          description: '',
          completed: true,
          completedAt: at(7),
          updatedAt: at(8),
          deletedAt: at(9),
        };
        const stored = await replaced(tasks, changed, task.revision);

        expect(stored).toEqual({ ...changed, revision: 2 });
        expect(await tasks.find(task.owner, task.id)).toEqual(stored);
      });

      it('takes values back to null', async () => {
        const birth = aBirth({ owner: freshOwner(), description: 'soon', completed: true, completedAt: at(1) });
        const [task] = await given(birth);
        const changed = { ...task, description: null, completed: false, completedAt: null };

        expect(await replaced(tasks, changed, task.revision)).toEqual({ ...changed, revision: 2 });
      });

      it.each([
        ['quotes and SQL', `'; DROP TABLE tasks;-- "x" $1 ? \\ %`],
        ['characters beyond the basic plane', '🧑‍🚀 𝒯𝒶𝓈𝓀 漢字'],
        ['composed and decomposed letters', 'caf\u00e9 is not cafe\u0301'],
        ['white space around it', '  \t two lines\r\n and a non-breaking\u00a0space '],
        ['markup and templates', '<script>alert(1)</script> {{7*7}} $x &amp;'],
        ['direction marks and controls', '\u202eabc\u0001\u007f\ufeff'],
        ['the longest title', '𝒳'.repeat(255)],
      ])('keeps text to the byte: %s', async (_what, title) => {
        const [task] = await given(aBirth({ owner: freshOwner(), title, description: title }));

        expect(await tasks.find(task.owner, task.id)).toMatchObject({ title, description: title });
      });

      it('keeps times to the millisecond', async () => {
        for (const time of [at(0), at(1), at(500), at(999), new Date('1970-01-01T00:00:00.001Z')]) {
          const [task] = await given(aBirth({ owner: freshOwner(), createdAt: time, updatedAt: time }));
          expect((await tasks.find(task.owner, task.id))?.createdAt).toEqual(time);
        }
      });

      it('keeps the longest owner and one with every special character', async () => {
        for (const owner of [`x${freshId()}`.padEnd(255, 'x'), `${freshId()}._~@:|+=-`] as UserId[]) {
          const [task] = await given(aBirth({ owner }));
          expect(await tasks.find(owner, task.id)).toEqual(task);
        }
      });

      it('does not find what was never stored', async () => {
        expect(await tasks.find(freshOwner(), freshId())).toBeUndefined();
      });
    });

    describe('tenancy, with equal ids under two owners', () => {
      async function twoOwners() {
        const id = freshId();
        const [mine, theirs] = await given(
          aBirth({ id, owner: freshOwner(), title: 'mine' }),
          aBirth({ id, owner: freshOwner(), title: 'theirs' }),
        );
        return { mine, theirs };
      }

      it('finds the task of the owner who asks', async () => {
        const { mine, theirs } = await twoOwners();
        expect(await tasks.find(mine.owner, mine.id)).toEqual(mine);
        expect(await tasks.find(theirs.owner, theirs.id)).toEqual(theirs);
      });

      it('finds nothing for an owner who has no such task', async () => {
        const { mine } = await twoOwners();
        expect(await tasks.find(freshOwner(), mine.id)).toBeUndefined();
      });

      it('tells owners apart whose names differ only in case', async () => {
        const owner = freshOwner();
        const [task] = await given(aBirth({ owner }));
        expect(await tasks.find(owner.toUpperCase() as UserId, task.id)).toBeUndefined();
      });

      it('changes the task of the owner alone', async () => {
        const { mine, theirs } = await twoOwners();
        await replaced(tasks, { ...mine, title: 'changed' }, mine.revision);
        expect(await tasks.find(theirs.owner, theirs.id)).toEqual(theirs);
      });

      it('does not change a task under another owner', async () => {
        const [mine] = await given(aBirth({ owner: freshOwner() }));
        const stranger = freshOwner();
        const [other] = await given(aBirth({ owner: stranger }));
        const attempt = await tasks.replace({ ...mine, owner: stranger, title: 'taken over' }, mine.revision);

        expect(attempt).toEqual({ ok: false, failure: { kind: 'stale' } });
        expect(await tasks.find(mine.owner, mine.id)).toEqual(mine);
        expect((await tasks.list(stranger, aQuery())).tasks).toEqual([other]);
      });

      it('lets two owners give birth under one id', async () => {
        const { mine, theirs } = await twoOwners();
        expect([mine.title, theirs.title]).toEqual(['mine', 'theirs']);
      });

      it('compares a repeated birth with that of its owner', async () => {
        const id = freshId();
        const births = ['mine', 'theirs'].map((title) => aBirth({ id, owner: freshOwner(), title })) as [
          NewTask,
          NewTask,
        ];
        const stored = await given(...births);
        for (const [n, birth] of births.entries()) {
          expect(await tasks.add(birth)).toEqual({ ok: true, value: { task: stored[n], repeated: true } });
        }
      });

      it('lists and counts the tasks of the owner alone', async () => {
        const { mine, theirs } = await twoOwners();
        expect(await tasks.list(mine.owner, aQuery({ withTotal: true }))).toMatchObject({ tasks: [mine], total: 1 });
        expect(await tasks.list(theirs.owner, aQuery({ withTotal: true }))).toMatchObject({
          tasks: [theirs],
          total: 1,
        });
      });

      it('searches the tasks of the owner alone', async () => {
        const { mine } = await twoOwners();
        const byTheirTitle = aQuery({ text: 'theirs', withTotal: true });
        expect(await tasks.list(mine.owner, byTheirTitle)).toMatchObject({ tasks: [], total: 0 });
      });

      it('counts revisions for each owner', async () => {
        const { mine, theirs } = await twoOwners();
        const changed = await replaced(tasks, { ...mine, title: 'changed' }, mine.revision);
        expect([changed.revision, theirs.revision]).toEqual([2, 1]);
        expect((await tasks.list(theirs.owner, aQuery())).revision).toBe(1);
      });
    });

    describe('births', () => {
      it('answers a repeated birth with the task as it now stands', async () => {
        const birth = aBirth({ owner: freshOwner() });
        const [task] = await given(birth);
        const changed = await replaced(tasks, { ...task, title: 'changed since' }, task.revision);
        const later = { ...birth, createdAt: at(1_000), updatedAt: at(1_000) };

        expect(await tasks.add(later)).toEqual({ ok: true, value: { task: changed, repeated: true } });
        expect(await tasks.revision(birth.owner)).toBe(2);
      });

      it('does not bring a deleted task back', async () => {
        const birth = aBirth({ owner: freshOwner() });
        const [task] = await given(birth);
        const deleted = await replaced(tasks, { ...task, deletedAt: at(5) }, task.revision);

        expect(await tasks.add(birth)).toEqual({ ok: true, value: { task: deleted, repeated: true } });
      });

      it.each<[string, Partial<NewTask>]>([
        ['title', { title: 'Buy bread' }],
        ['description', { description: 'x' }],
        ['completed', { completed: true, completedAt: at(0) }],
      ])('refuses another birth under an id: other %s', async (_field, other) => {
        const birth = aBirth({ owner: freshOwner() });
        const [task] = await given(birth);

        expect(await tasks.add({ ...birth, ...other })).toEqual({ ok: false, failure: { kind: 'id-taken' } });
        expect(await tasks.find(task.owner, task.id)).toEqual(task);
      });

      it('tells an empty description from none', async () => {
        const birth = aBirth({ owner: freshOwner(), description: '' });
        await given(birth);
        expect(await tasks.add({ ...birth, description: null })).toMatchObject({ ok: false });
      });

      it('stores one task when the same birth comes many times at once', async () => {
        const birth = aBirth({ owner: freshOwner() });
        const outcomes = await Promise.all(Array.from({ length: 20 }, () => tasks.add(birth)));

        expect(outcomes.every(({ ok }) => ok)).toBe(true);
        expect(outcomes.filter((outcome) => outcome.ok && !outcome.value.repeated)).toHaveLength(1);
        expect((await tasks.list(birth.owner, aQuery({ withTotal: true }))).total).toBe(1);
      });
    });

    describe('compare and set', () => {
      it('refuses a revision that the task has left', async () => {
        const [task] = await given(aBirth({ owner: freshOwner() }));
        const changed = await replaced(tasks, { ...task, title: 'first' }, task.revision);

        const late = await tasks.replace({ ...task, title: 'second' }, task.revision);
        expect(late).toEqual({ ok: false, failure: { kind: 'stale' } });
        expect(await tasks.find(task.owner, task.id)).toEqual(changed);
      });

      it('refuses a revision that the task has not reached', async () => {
        const [task] = await given(aBirth({ owner: freshOwner() }));
        expect(await tasks.replace({ ...task, title: 'early' }, 2 as Revision)).toMatchObject({ ok: false });
      });

      it('refuses a task that does not exist, and stores nothing', async () => {
        const ghost = { ...aBirth({ owner: freshOwner() }), revision: 1 as Revision };
        expect(await tasks.replace(ghost, ghost.revision)).toMatchObject({ ok: false });
        expect(await tasks.find(ghost.owner, ghost.id)).toBeUndefined();
      });

      it('changes no other task of the owner', async () => {
        const owner = freshOwner();
        const [first, second] = await given(aBirth({ owner }), aBirth({ owner }));
        await replaced(tasks, { ...second, title: 'changed' }, second.revision);
        expect(await tasks.find(owner, first.id)).toEqual(first);
      });

      it('lets exactly one of many concurrent writers with one revision win', async () => {
        const [task] = await given(aBirth({ owner: freshOwner() }));
        const titles = Array.from({ length: 30 }, (_, n) => `writer ${n}`);
        const outcomes = await Promise.all(titles.map((title) => tasks.replace({ ...task, title }, task.revision)));

        const winners = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
        expect(winners).toHaveLength(1);
        expect(await tasks.find(task.owner, task.id)).toEqual(winners[0]);
      });
    });

    describe('revisions', () => {
      it('grow with each change of any task of the owner', async () => {
        const owner = freshOwner();
        const [first] = await given(aBirth({ owner }));
        const [second] = await given(aBirth({ owner }));
        const third = await replaced(tasks, { ...first, title: 'changed' }, first.revision);

        expect([first.revision, second.revision, third.revision]).toEqual([1, 2, 3]);
        expect((await tasks.list(owner, aQuery())).revision).toBe(3);
      });

      it('are given out once, however many writers there are', async () => {
        const owner = freshOwner();
        const births = Array.from({ length: 30 }, () => aBirth({ owner }));
        const stored = await Promise.all(births.map((birth) => added(tasks, birth)));
        const changed = await Promise.all(
          stored.map((task) => replaced(tasks, { ...task, title: 'x' }, task.revision)),
        );

        const revisions = [...stored, ...changed].map(({ revision }) => revision);
        expect(new Set(revisions).size).toBe(60);
        expect(Math.min(...changed.map(({ revision }) => revision))).toBeGreaterThan(30);
      });

      it('never go down by what was refused', async () => {
        const [task] = await given(aBirth({ owner: freshOwner() }));
        await tasks.replace(task, 99 as Revision);
        await tasks.add(task);
        const changed = await replaced(tasks, { ...task, title: 'x' }, task.revision);
        expect(changed.revision).toBeGreaterThan(1);
        expect((await tasks.list(task.owner, aQuery())).revision).toBe(changed.revision);
      });

      it('are 0 for an owner who never wrote', async () => {
        expect(await tasks.list(freshOwner(), aQuery({ withTotal: true }))).toEqual({
          tasks: [],
          next: undefined,
          revision: 0,
          total: 0,
        });
      });
    });

    describe('lists', () => {
      it('hold no deleted task, but its revision', async () => {
        const owner = freshOwner();
        const [kept, deleted] = await given(aBirth({ owner }), aBirth({ owner }));
        await replaced(tasks, { ...deleted, deletedAt: at(1) }, deleted.revision);

        expect(await tasks.list(owner, aQuery({ withTotal: true }))).toMatchObject({
          tasks: [kept],
          total: 1,
          revision: 3,
        });
      });

      it('are empty, with the revision, when nothing matches', async () => {
        const owner = freshOwner();
        await given(aBirth({ owner }));
        const page = await tasks.list(owner, aQuery({ completed: true, withTotal: true }));
        expect(page).toEqual({ tasks: [], next: undefined, revision: 1, total: 0 });
      });

      it('count only when asked to', async () => {
        const owner = freshOwner();
        await given(aBirth({ owner }));
        expect((await tasks.list(owner, aQuery())).total).toBeUndefined();
      });

      it.each([
        [true, ['done']],
        [false, ['open']],
        [undefined, ['done', 'open']],
      ])('filter by completed: %s', async (completed, titles) => {
        const owner = freshOwner();
        await given(
          aBirth({ owner, title: 'done', completed: true, completedAt: at(0) }),
          aBirth({ owner, title: 'open', createdAt: at(1) }),
        );
        const page = await tasks.list(owner, aQuery({ completed, withTotal: true }));
        expect(titlesOf(page)).toEqual(titles);
        expect(page.total).toBe(titles.length);
      });

      const times = [at(3), at(1), at(1), at(2), at(1)];

      it.each([
        ['createdAt', false],
        ['createdAt', true],
        ['revision', false],
        ['revision', true],
      ] as const)('order by %s, descending: %s, with ties told apart by id', async (orderBy, descending) => {
        const owner = freshOwner();
        const stored = await given(...times.map((createdAt) => aBirth({ owner, createdAt })));
        const [first] = stored as [Task];
        const changed = await replaced(tasks, { ...first, title: 'changed last' }, first.revision);

        const expected = [changed, ...stored.slice(1)].sort(by(orderBy));
        if (descending) expected.reverse();
        expect((await tasks.list(owner, aQuery({ orderBy, descending }))).tasks).toEqual(expected);
      });

      it.each([
        ['createdAt', false, 1],
        ['createdAt', true, 2],
        ['createdAt', true, 3],
        ['revision', false, 2],
        ['revision', true, 1],
        ['revision', true, 100],
      ] as const)(
        'page by %s, descending: %s, %i at a time, without gap or repeat',
        async (orderBy, descending, limit) => {
          const owner = freshOwner();
          const stored = await given(...[...times, ...times].map((createdAt) => aBirth({ owner, createdAt })));
          const query = aQuery({ orderBy, descending, limit, withTotal: true });
          const pages = await allPages(tasks, owner, query);

          const expected = [...stored].sort(by(orderBy));
          if (descending) expected.reverse();
          expect(pages.flatMap((page) => page.tasks)).toEqual(expected);
          expect(pages).toHaveLength(Math.ceil(stored.length / limit));
          expect(pages.map(({ total }) => total)).toEqual(pages.map(() => stored.length));
        },
      );

      it('neither repeat nor skip a task while others come, change and go', async () => {
        const owner = freshOwner();
        const stored = await given(...times.map((createdAt) => aBirth({ owner, createdAt })));
        const query = aQuery({ limit: 2 });
        const first = await tasks.list(owner, query);
        const [gone] = first.tasks as [Task];
        await replaced(tasks, { ...gone, deletedAt: at(9) }, gone.revision);
        await given(aBirth({ owner, createdAt: at(0) }), aBirth({ owner, createdAt: at(99) }));

        const rest = await allPages(tasks, owner, { ...query, after: first.next });
        const seen = [first, ...rest].flatMap((page) => page.tasks.map(({ id }) => id));
        expect(seen.filter((id) => stored.some((task) => task.id === id))).toEqual(
          [...stored].sort(by('createdAt')).map(idOf),
        );
      });

      it('keep the filters on every page', async () => {
        const owner = freshOwner();
        const births = ['milk 1', 'bread', 'milk 2', 'Milk 3', 'wine'].map((title, n) =>
          aBirth({ owner, title, createdAt: at(n) }),
        );
        await given(...births);
        const pages = await allPages(tasks, owner, aQuery({ text: 'milk', completed: false, limit: 1 }));
        expect(pages.flatMap(titlesOf)).toEqual(['milk 1', 'milk 2', 'Milk 3']);
      });
    });

    describe('the trash', () => {
      it('holds what is deleted, with the same filters, orders and pages', async () => {
        const owner = freshOwner();
        const births = ['a 1', 'b', 'a 2', 'a 3'].map((title, n) => aBirth({ owner, title, createdAt: at(n) }));
        for (const task of await given(...births, aBirth({ owner, title: 'a live one' }))) {
          if (task.title !== 'a live one') await replaced(tasks, { ...task, deletedAt: at(50) }, task.revision);
        }
        const pages = await allPages(tasks, owner, aQuery({ deleted: true, text: 'a', limit: 2, withTotal: true }));
        expect(pages.map(titlesOf)).toEqual([['a 1', 'a 2'], ['a 3']]);
        expect(pages.map(({ total }) => total)).toEqual([3, 3]);
        expect(pages[0]?.tasks[0]?.deletedAt).toEqual(at(50));
      });
    });

    describe('changes', () => {
      const since = (revision: number, limit = 100): ChangesQuery => ({ since: revision as Revision, limit });
      const fromTheBeginning: ChangesQuery = { since: undefined, limit: 100 };

      async function changesOf(owner: UserId, query: ChangesQuery): Promise<ChangePage> {
        const outcome = await tasks.changes(owner, query);
        if (!outcome.ok) throw new Error('The changes were expected to be told');
        return outcome.value;
      }

      it('are none for an owner who never wrote', async () => {
        const nothing = { changes: [], revision: 0, hasMore: false, purged: 0 };
        expect(await changesOf(freshOwner(), fromTheBeginning)).toEqual(nothing);
        expect(await changesOf(freshOwner(), since(0))).toEqual(nothing);
      });

      it('begin with every task that is not deleted, in the order of revisions', async () => {
        const owner = freshOwner();
        const [first, second, third] = await given(aBirth({ owner }), aBirth({ owner }), aBirth({ owner }));
        const changed = await replaced(tasks, { ...first, title: 'changed' }, first.revision);
        await replaced(tasks, { ...second, deletedAt: at(1) }, second.revision);
        expect(await changesOf(owner, fromTheBeginning)).toMatchObject({ changes: [third, changed], revision: 5 });
      });

      it('tell each task once, in its newest state, deletions included', async () => {
        const owner = freshOwner();
        const [first, second, third] = await given(aBirth({ owner }), aBirth({ owner }), aBirth({ owner }));
        await replaced(tasks, { ...first, title: 'once' }, first.revision);
        const twice = await replaced(tasks, { ...first, title: 'twice' }, 4 as Revision);
        const deleted = await replaced(tasks, { ...second, deletedAt: at(1) }, second.revision);

        expect(await changesOf(owner, since(2))).toMatchObject({ changes: [third, twice, deleted], revision: 6 });
        const onlyLive = { ...since(2, 2), onlyLive: true };
        expect(await changesOf(owner, onlyLive)).toMatchObject({
          changes: [third, twice],
          revision: 6,
          hasMore: false,
        });
        expect(await changesOf(owner, since(5))).toMatchObject({ changes: [deleted], revision: 6, hasMore: false });
        expect(await changesOf(owner, since(6))).toMatchObject({ changes: [], revision: 6, hasMore: false });
      });

      it.each([1, 2, 3])('come in pages of %i that end where the next begins', async (limit) => {
        const owner = freshOwner();
        const stored = await given(...Array.from({ length: 5 }, () => aBirth({ owner })));
        const seen: Task[] = [];
        let page = await changesOf(owner, { since: undefined, limit });
        seen.push(...page.changes);
        while (page.hasMore) {
          expect([page.changes.length, page.revision]).toEqual([limit, page.changes.at(-1)?.revision]);
          page = await changesOf(owner, since(page.revision, limit));
          seen.push(...page.changes);
        }
        expect(seen).toEqual(stored);
        expect(page.revision).toBe(5);
      });

      it('are told to the owner alone', async () => {
        const [mine] = await given(aBirth({ owner: freshOwner() }));
        expect((await changesOf(mine.owner, since(0))).changes).toEqual([mine]);
        expect((await changesOf(freshOwner(), since(0))).changes).toEqual([]);
      });

      it('cannot be told since a revision that is not reached yet', async () => {
        const [mine] = await given(aBirth({ owner: freshOwner() }));
        const lost = { ok: false, failure: { kind: 'resync-required' } };
        expect(await tasks.changes(mine.owner, since(2))).toEqual(lost);
        expect(await tasks.changes(freshOwner(), since(1))).toEqual(lost);
      });
    });

    describe('pages of long texts', () => {
      const fixtures = new Map<string, Promise<UserId>>();

      /** A user with tasks of these texts, shared by all tests that only read them. */
      function userWith(texts: readonly Text[], isDeleted: boolean): Promise<UserId> {
        const key = JSON.stringify([texts.length, texts.at(-1), isDeleted]);
        const user = fixtures.get(key) ?? fill(freshOwner(), texts, isDeleted);
        fixtures.set(key, user);
        return user;
      }

      async function fill(owner: UserId, texts: readonly Text[], isDeleted: boolean): Promise<UserId> {
        const births = texts.map((text, n) => aBirth({ owner, ...text, createdAt: at(n) }));
        for (const task of await given(...births)) {
          if (isDeleted) await replaced(tasks, { ...task, deletedAt: at(0) }, task.revision);
        }
        return owner;
      }

      const cases = [false, true].flatMap((isDeleted) =>
        walksOf(isDeleted).map(([name, walk]) => [name, isDeleted, walk] as const),
      );

      it.each(cases)('hold exactly 1,048,576 bytes: %s', async (_walk, isDeleted, walk) => {
        const owner = await userWith(AS_LONG_AS_A_PAGE, isDeleted);
        expect(lengthsOf(await walk(tasks, owner, 1_000))).toEqual([66]);
        expect(lengthsOf(await walk(tasks, owner, 66))).toEqual([66]);
        expect(lengthsOf(await walk(tasks, owner, 65))).toEqual([65, 1]);
      });

      it.each(cases)('do not hold one byte more: %s', async (_walk, isDeleted, walk) => {
        const owner = await userWith(ONE_BYTE_LONGER, isDeleted);
        expect(lengthsOf(await walk(tasks, owner, 1_000))).toEqual([65, 1]);
        expect(lengthsOf(await walk(tasks, owner, 66))).toEqual([65, 1]);
      });

      it.each(cases)('name each of the longest tasks once: %s', async (_walk, isDeleted, walk) => {
        const owner = await userWith(LONGEST, isDeleted);
        for (const limit of [61, 62, 1_000]) {
          const pages = await walk(tasks, owner, limit);
          expect(lengthsOf(pages)).toEqual([61, 9]);
          expect(new Set(pages.flat().map(idOf)).size).toBe(LONGEST.length);
        }
      });

      it.each([1, 1_000])('hold a single task of the greatest length, of up to %i', async (limit) => {
        const owner = freshOwner();
        const [task] = await given(aBirth({ owner, ...LONGEST[0] }));
        expect(await tasks.list(owner, aQuery({ limit }))).toMatchObject({ tasks: [task], next: undefined });
        expect(await tasks.changes(owner, { since: undefined, limit })).toMatchObject({
          value: { changes: [task], hasMore: false },
        });
      });

      it('do not change the total', async () => {
        const query = aQuery({ limit: 1_000, withTotal: true });
        const pages = await allPages(tasks, await userWith(LONGEST, false), query);
        expect(pages.map(({ total }) => total)).toEqual([70, 70]);
      });
    });

    describe('a call whose signal is aborted', () => {
      const aborted = { signal: AbortSignal.abort() };
      const task = { ...aBirth({ owner: freshOwner() }), revision: 1 as Revision };

      it.each<[string, () => Promise<unknown>]>([
        ['find', () => tasks.find(task.owner, task.id, aborted)],
        ['add', () => tasks.add(task, aborted)],
        ['replace', () => tasks.replace(task, task.revision, aborted)],
        ['list', () => tasks.list(task.owner, aQuery(), aborted)],
        ['revision', () => tasks.revision(task.owner, aborted)],
        ['changes', () => tasks.changes(task.owner, { since: undefined, limit: 1 }, aborted)],
      ])('rejects: %s', async (_method, call) => {
        await expect(call()).rejects.toThrow(CallAborted);
      });

      it('stores nothing', async () => {
        const [stored] = await given(aBirth({ owner: freshOwner() }));
        const another = aBirth({ owner: stored.owner });
        await expect(tasks.add(another, aborted)).rejects.toThrow(CallAborted);
        await expect(tasks.replace({ ...stored, title: 'x' }, stored.revision, aborted)).rejects.toThrow(CallAborted);

        expect(await tasks.find(stored.owner, another.id)).toBeUndefined();
        expect(await tasks.find(stored.owner, stored.id)).toEqual(stored);
        expect(await tasks.revision(stored.owner)).toBe(1);
      });
    });

    describe('the revision of an owner', () => {
      it('is that of the newest change', async () => {
        const owner = freshOwner();
        expect(await tasks.revision(owner)).toBe(0);
        const [task] = await given(aBirth({ owner }));
        expect(await tasks.revision(owner)).toBe(1);
        await replaced(tasks, { ...task, deletedAt: at(1) }, task.revision);
        expect(await tasks.revision(owner)).toBe(2);
        expect(await tasks.revision(freshOwner())).toBe(0);
      });
    });

    describe('purging', () => {
      /** Tasks that were deleted at the milliseconds given; `undefined` for one that was not. */
      async function deletedAt(owner: UserId, ...moments: (number | undefined)[]): Promise<Task[]> {
        const stored = await given(...moments.map(() => aBirth({ owner })));
        const changed: Task[] = [];
        for (const [n, task] of stored.entries()) {
          const moment = moments[n];
          changed.push(
            moment === undefined ? task : await replaced(tasks, { ...task, deletedAt: at(moment) }, task.revision),
          );
        }
        return changed;
      }
      const resync = { ok: false, failure: { kind: 'resync-required' } };

      it('erases the tombstones from before a moment, and nothing else', async () => {
        const owner = freshOwner();
        const [live, old, atTheMoment, young] = (await deletedAt(owner, undefined, 10, 20, 30)) as [
          Task,
          Task,
          Task,
          Task,
        ];
        expect(await erasure.purge(owner, at(20), 100)).toBe(1);
        expect(await tasks.find(owner, old.id)).toBeUndefined();
        for (const kept of [live, atTheMoment, young]) expect(await tasks.find(owner, kept.id)).toEqual(kept);
      });

      it('goes on where a batch ended, the oldest revisions first', async () => {
        const owner = freshOwner();
        const stored = await deletedAt(owner, 1, 1, 1);
        expect(await erasure.purge(owner, at(20), 2)).toBe(2);
        expect(await tasks.find(owner, stored[2]?.id as TaskId)).toBeDefined();
        expect([await erasure.purge(owner, at(20), 2), await erasure.purge(owner, at(20), 2)]).toEqual([1, 0]);
      });

      it('sends followers back who have not seen the deletions, and no others', async () => {
        const owner = freshOwner();
        await deletedAt(owner, undefined, 1);
        const [later] = await given(aBirth({ owner }));
        await erasure.purge(owner, at(20), 100);

        expect(await tasks.changes(owner, { since: 2 as Revision, limit: 10 })).toEqual(resync);
        expect(await tasks.changes(owner, { since: 0 as Revision, limit: 10 })).toEqual(resync);
        expect(await tasks.changes(owner, { since: 3 as Revision, limit: 10 })).toMatchObject({
          value: { changes: [later] },
        });
      });

      it('lets a walk through all tasks go on that began after it, and none that began before', async () => {
        const owner = freshOwner();
        const [first, second] = await given(aBirth({ owner }), aBirth({ owner }));
        await deletedAt(owner, 1);
        const before = await tasks.changes(owner, { since: undefined, limit: 1 });
        await erasure.purge(owner, at(20), 100);
        const begun = await tasks.changes(owner, { since: undefined, limit: 1 });
        if (!before.ok || !begun.ok) throw new Error('A walk can always begin');
        expect(begun.value).toMatchObject({ changes: [first], hasMore: true, revision: 1, purged: 4 });

        const next = { since: 1 as Revision, limit: 1 };
        expect(await tasks.changes(owner, { ...next, snapshot: before.value.purged })).toEqual(resync);
        expect(await tasks.changes(owner, { ...next, snapshot: begun.value.purged })).toMatchObject({
          value: { changes: [second], hasMore: false, revision: 5 },
        });
      });

      it('is a change of the trash, and so raises the revision once for each batch that erases something', async () => {
        const [owner, other] = [freshOwner(), freshOwner()];
        await deletedAt(owner, 1);
        const [theirs] = (await deletedAt(other, 1)) as [Task];
        await erasure.purge(owner, at(20), 100);
        await erasure.purge(owner, at(20), 100);
        expect([await tasks.revision(owner), await tasks.revision(other)]).toEqual([3, 2]);
        expect(await tasks.find(other, theirs.id)).toEqual(theirs);
        expect(await tasks.changes(other, { since: 0 as Revision, limit: 10 })).toMatchObject({ ok: true });
      });

      it('lets an id be born anew', async () => {
        const owner = freshOwner();
        const [old] = (await deletedAt(owner, 1)) as [Task];
        await erasure.purge(owner, at(20), 100);
        const [born] = await given(aBirth({ owner, id: old.id, title: 'another' }));
        expect(born.revision).toBe(4);
      });

      it('finds the owners who have something to purge, page by page', async () => {
        const owners = [freshOwner(), freshOwner(), freshOwner(), freshOwner()].sort();
        const [one, two, three, four] = owners as [UserId, UserId, UserId, UserId];
        await deletedAt(one, 10, 10, 30);
        await deletedAt(two, 10);
        await deletedAt(three, 30, undefined);
        await deletedAt(four, 10);
        const found: [UserId, number][] = [];
        let after: UserId | undefined;
        for (;;) {
          const page = await erasure.tombstones(at(20), after, 1);
          if (page.length === 0) break;
          found.push(...page.map(({ owner, tombstones }): [UserId, number] => [owner, tombstones]));
          after = page.at(-1)?.owner;
        }
        // Other tests leave tombstones of their own.
        expect(found.filter(([owner]) => owners.includes(owner))).toEqual([
          [one, 2],
          [two, 1],
          [four, 1],
        ]);
      });
    });

    describe('erasing an owner', () => {
      it('takes all tasks away in batches, and the owner with the last of them', async () => {
        const owner = freshOwner();
        const [task] = await given(aBirth({ owner }), aBirth({ owner }), aBirth({ owner }));
        await replaced(tasks, { ...task, deletedAt: at(1) }, task.revision);
        expect(await erasure.count(owner)).toBe(3);

        expect(await erasure.erase(owner, 2)).toEqual({ tasks: 2, isComplete: false });
        expect(await tasks.changes(owner, { since: 3 as Revision, limit: 10 })).toMatchObject({ ok: false });
        expect(await erasure.erase(owner, 2)).toEqual({ tasks: 1, isComplete: true });
        expect(await erasure.count(owner)).toBe(0);
        expect(await tasks.revision(owner)).toBe(0);
        expect(await erasure.erase(owner, 2)).toEqual({ tasks: 0, isComplete: true });
      });

      it('touches no other owner', async () => {
        const [owner, other] = [freshOwner(), freshOwner()];
        const id = freshId();
        const [, theirs] = await given(aBirth({ owner, id }), aBirth({ owner: other, id }));
        await erasure.erase(owner, 100);
        expect(await tasks.find(other, id)).toEqual(theirs);
        expect(await tasks.revision(other)).toBe(1);
      });
    });

    describe('leaping ahead of what a restored backup has forgotten', () => {
      /** Nobody's name lies between the two. */
      const nameBefore = (owner: UserId) => owner.slice(0, -1) as UserId;

      it('sends every follower back, wherever it stood, and lets a new walk reach all tasks', async () => {
        const owner = freshOwner();
        const [first, second] = await given(aBirth({ owner }), aBirth({ owner }));
        expect(await erasure.leap(1_000, nameBefore(owner), 1)).toEqual([owner]);

        for (const since of [0, 1, 2, 3, 1_001] as Revision[]) {
          expect(await tasks.changes(owner, { since, limit: 10 })).toMatchObject({ ok: false });
        }
        const begun = await tasks.changes(owner, { since: undefined, limit: 1 });
        if (!begun.ok) throw new Error('A walk can always begin');
        expect(begun.value).toMatchObject({ changes: [first], hasMore: true, purged: 1_002 });
        const { revision: since, purged: snapshot } = begun.value;
        expect(await tasks.changes(owner, { since, snapshot, limit: 1 })).toMatchObject({
          value: { changes: [second], hasMore: false, revision: 1_002 },
        });
        expect(await tasks.changes(owner, { since: 1_002 as Revision, limit: 1 })).toMatchObject({ ok: true });
      });

      it('leaves the tasks as they are, and gives out no revision from before again', async () => {
        const owner = freshOwner();
        const [task] = await given(aBirth({ owner }));
        await erasure.leap(1_000, nameBefore(owner), 1);
        expect(await tasks.find(owner, task.id)).toEqual(task);
        expect(await replaced(tasks, { ...task, title: 'Buy bread' }, task.revision)).toMatchObject({
          revision: 1_002,
        });
      });

      it('goes from owner to owner, in the order of their names, and touches no other', async () => {
        const [one, two] = [freshOwner(), freshOwner()].sort() as [UserId, UserId];
        await given(aBirth({ owner: one }), aBirth({ owner: two }));
        expect(await erasure.leap(1_000, nameBefore(one), 1)).toEqual([one]);
        expect([await tasks.revision(one), await tasks.revision(two)]).toEqual([1_001, 1]);
        expect(await erasure.leap(1_000, '~'.repeat(255) as UserId, 10)).toEqual([]);
      });
    });

    describe('search', () => {
      it.each([
        ['in the title', 'milk', ['Buy milk']],
        ['in the description', 'oats', ['Breakfast']],
        ['ignoring case', 'BUY M', ['Buy milk']],
        ['ignoring case beyond ASCII', 'ÜBERRASCHUNG', ['Eine überraschung']],
        ['ignoring the case of what is stored', 'äpfel', ['ÄPFEL kaufen']],
        ['with a sigma at the end of a word', 'ΟΔΟΣ', ['η οδος εδω', 'ΟΔΟΣΑ']],
        ['in Cyrillic', 'молоко', ['МОЛОКО']],
        ['with a sharp s in capitals', 'GROẞE', ['Große Wäsche']],
        ['with a sharp s as two letters', 'GROSSE', ['Große Wäsche']],
        ['with the sign of Kelvin', '300 k', ['300 \u212a']],
        ['taking % as itself', '50%', ['50% off']],
        ['taking _ as itself', 'a_b', ['a_b']],
        ['taking \\ as itself', 'c:\\', ['C:\\temp']],
        ['taking a quote as itself', `'`, [`it's`]],
        ['in emoji', '🥛', ['🥛🍞']],
        ['without a hit', 'nowhere', []],
      ])('finds text %s', async (_how, text, titles) => {
        expect(titlesOf(await tasks.list(await library(), aQuery({ text })))).toEqual(titles);
      });

      let owner: Promise<UserId> | undefined;
      /** The same tasks for all of these, which only read. */
      function library(): Promise<UserId> {
        owner ??= fill(freshOwner());
        return owner;
      }

      async function fill(reader: UserId): Promise<UserId> {
        const titles = ['Buy milk', 'Eine überraschung', 'ÄPFEL kaufen', 'η οδος εδω', 'ΟΔΟΣΑ', 'МОЛОКО', '50% off'];
        const more = ['50 off', 'a_b', 'axb', 'C:\\temp', `it's`, '🥛🍞', 'Große Wäsche', '300 \u212a'];
        const births = [...titles, ...more].map((title, n) => aBirth({ owner: reader, title, createdAt: at(n) }));
        await given(...births, aBirth({ owner: reader, title: 'Breakfast', description: 'Oats', createdAt: at(99) }));
        return reader;
      }
    });
  });
}

const aQuery = (changes: Partial<ListQuery> = {}): ListQuery => ({
  deleted: false,
  orderBy: 'createdAt',
  descending: false,
  limit: 100,
  withTotal: false,
  ...changes,
});

async function added(tasks: TaskRepository, birth: NewTask): Promise<Task> {
  const outcome = await tasks.add(birth);
  if (!outcome.ok || outcome.value.repeated) throw new Error('The birth was expected to be new');
  return outcome.value.task;
}

async function replaced(tasks: TaskRepository, task: Task, expected: Revision): Promise<Task> {
  const outcome = await tasks.replace(task, expected);
  if (!outcome.ok) throw new Error('The change was expected to win');
  return outcome.value;
}

async function allPages(tasks: TaskRepository, owner: UserId, query: ListQuery): Promise<Page[]> {
  const pages: Page[] = [];
  let { after } = query;
  do {
    const page = await tasks.list(owner, { ...query, after });
    pages.push(page);
    after = page.next;
  } while (after !== undefined);
  return pages;
}

type Text = Pick<NewTask, 'title' | 'description'>;

/** 16,001 bytes. */
const LONG: Text = { title: 'x', description: '𝒳'.repeat(DESCRIPTION_MAX_LENGTH) };
/** The bytes that 65 long tasks leave on a page. */
const REST: Text = { title: 'x', description: `xx${'𝒳'.repeat((PAGE_MAX_BYTES - 65 * 16_001 - 3) / 4)}` };
const AS_LONG_AS_A_PAGE = [...Array<Text>(65).fill(LONG), REST];
const ONE_BYTE_LONGER = [...Array<Text>(65).fill(LONG), { ...REST, title: 'é' }];
/** 17,020 bytes each. */
const LONGEST = Array<Text>(70).fill({ ...LONG, title: '𝒳'.repeat(TITLE_MAX_LENGTH) });

/** Reads all pages of a user, each of up to `limit` tasks. */
type Walk = (tasks: TaskRepository, owner: UserId, limit: number) => Promise<(readonly Task[])[]>;

const listWalk =
  (changes: Partial<ListQuery>): Walk =>
  async (tasks, owner, limit) =>
    (await allPages(tasks, owner, aQuery({ ...changes, limit }))).map((page) => page.tasks);

const feedWalk =
  (since: Revision | undefined): Walk =>
  async (tasks, owner, limit) => {
    const pages: (readonly Task[])[] = [];
    for (let next = since; ; ) {
      const page = await tasks.changes(owner, { since: next, limit });
      if (!page.ok) throw new Error('The changes were expected to be readable');
      pages.push(page.value.changes);
      next = page.value.revision;
      if (!page.value.hasMore) return pages;
      expect(next).toBe(page.value.changes.at(-1)?.revision);
    }
  };

function walksOf(deleted: boolean): [string, Walk][] {
  const what = deleted ? 'the trash' : 'a list';
  const walks: [string, Walk][] = [
    [`${what} by creation`, listWalk({ deleted })],
    [`${what} by creation, descending`, listWalk({ deleted, descending: true })],
    [`${what} by revision`, listWalk({ deleted, orderBy: 'revision' })],
    [`${what} by revision, descending`, listWalk({ deleted, orderBy: 'revision', descending: true })],
    [`a search in ${what}`, listWalk({ deleted, text: '𝒳', completed: false })],
    [`the changes of ${what}`, feedWalk(0 as Revision)],
  ];
  return deleted ? walks : [...walks, ['an initial sync', feedWalk(undefined)]];
}

const lengthsOf = (pages: readonly (readonly Task[])[]): number[] => pages.map(({ length }) => length);

const by = (orderBy: ListQuery['orderBy']) => (one: Task, other: Task) =>
  orderBy === 'revision'
    ? one.revision - other.revision
    : one.createdAt.getTime() - other.createdAt.getTime() || (one.id < other.id ? -1 : 1);

const titlesOf = (page: Page): string[] => page.tasks.map(({ title }) => title);
const idOf = ({ id }: Task): TaskId => id;
