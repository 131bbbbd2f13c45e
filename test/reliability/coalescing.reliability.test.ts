import { afterAll, expect, inject, it, vi } from 'vitest';
import { StorageUnavailable, UnstorableValue } from '../../src/application/ports.ts';
import type { TaskId, UserId } from '../../src/domain/ids.ts';
import { Task } from '../../src/domain/task.ts';
import { connect } from '../../src/infrastructure/postgres/connection/connect.ts';
import { freshOwner } from '../support/owners.ts';
import { aBirth, freshId } from '../support/tasks.ts';
import { openTasks } from '../support/tasks-in-database.ts';
import { FaultProxy } from './support/fault-proxy.ts';
import { size, tell } from './support/sizes.ts';

const REQUESTS = size('COALESCED_REQUESTS', 30_000, 1_000_000);
// Several times what an idle machine needs.
vi.setConfig({ testTimeout: 60_000 + 4 * REQUESTS });
const AT_ONCE = 96;
const OWNERS = 300;

const direct = connect(inject('directUrl'), { maxConnections: 3, warn: () => {} });
afterAll(() => direct.destroy());

interface Known {
  readonly owner: UserId;
  readonly id: TaskId;
}

const titleOf = ({ owner, id }: Known): string => `${owner} has ${id}`;

class Tally {
  succeeded = 0;
  rejected = 0;
  unavailable = 0;
  readonly mismatches: string[] = [];
}

const one = <T>(all: readonly T[]): T => all[Math.floor(Math.random() * all.length)] as T;

it.each([true, false])(
  'gives no user a task of another user, among cut connections and errors (prepared: %s)',
  async (prepared) => {
    const proxy = await FaultProxy.before(Number(new URL(inject('directUrl')).port));
    const { tasks, close } = openTasks(proxy.through(inject('directUrl')), { prepared });
    const tally = new Tally();
    const known: Known[] = [];
    for (let n = 0; n < OWNERS; n++) {
      const task = { owner: freshOwner(), id: freshId() };
      const added = await tasks.add(aBirth({ ...task, title: titleOf(task) }));
      expect(added.ok).toBe(true);
      known.push(task);
    }

    const check = (what: string, wanted: Known, found: (Known & { readonly title: string }) | undefined) => {
      const right = found?.owner === wanted.owner && found.id === wanted.id && found.title === titleOf(wanted);
      if (!right)
        tally.mismatches.push(`${what} of ${titleOf(wanted)} gave ${found && titleOf(found)}: ${found?.title}`);
    };

    async function read(): Promise<void> {
      const wanted = one(known);
      check('find', wanted, await tasks.find(wanted.owner, wanted.id));
    }
    async function readTaskOfAnother(): Promise<void> {
      const [mine, other] = [one(known), one(known)];
      const found = await tasks.find(mine.owner, other.id);
      if (mine.owner !== other.owner && found !== undefined)
        tally.mismatches.push(`${mine.owner} read ${titleOf(other)}`);
    }
    async function add(): Promise<void> {
      const task = { owner: one(known).owner, id: freshId() };
      const added = await tasks.add(aBirth({ ...task, title: titleOf(task) }));
      check('add', task, added.ok ? added.value.task : undefined);
      known.push(task);
    }
    async function replace(): Promise<void> {
      const wanted = one(known);
      const task = await tasks.find(wanted.owner, wanted.id);
      check('find', wanted, task);
      if (task === undefined) return;
      const stored = await tasks.replace(Task.setCompleted(task, !task.completed, new Date()), task.revision);
      if (stored.ok) check('replace', wanted, stored.value);
    }
    async function list(): Promise<void> {
      const { owner } = one(known);
      const query = { deleted: false, orderBy: 'createdAt', descending: true, limit: 5, withTotal: false } as const;
      const page = await tasks.list(owner, query);
      for (const task of page.tasks) check('list', { owner, id: task.id }, task);
      const feed = await tasks.changes(owner, { since: 0 as never, limit: 5 });
      if (feed.ok) for (const task of feed.value.changes) check('changes', { owner, id: task.id }, task);
    }
    async function fail(): Promise<void> {
      await tasks.find(one(known).owner, 'not an id' as TaskId);
      tally.mismatches.push('A malformed id was found');
    }
    async function failToWrite(): Promise<void> {
      await tasks.add(aBirth({ owner: one(known).owner, id: freshId(), title: 'x'.repeat(1_000) }));
      tally.mismatches.push('A title was stored that is too long');
    }
    /** Writes of this user wait for the lock, some until they time out. */
    async function lockOneUser(): Promise<void> {
      const { owner } = one(known);
      await direct.transaction(async (lock) => {
        await lock('public.task_lists').where('user_id', owner).forUpdate().first('revision');
        await new Promise((resolve) => setTimeout(resolve, Math.random() < 0.2 ? 2_500 : 100));
      });
    }

    const actions = [
      read,
      read,
      read,
      read,
      read,
      read,
      readTaskOfAnother,
      add,
      replace,
      replace,
      list,
      fail,
      failToWrite,
    ];
    let left = REQUESTS;
    async function send(): Promise<void> {
      while (left-- > 0) {
        try {
          await one(actions)();
          tally.succeeded++;
        } catch (error) {
          if (error instanceof UnstorableValue) tally.rejected++;
          else if (error instanceof StorageUnavailable) tally.unavailable++;
          else throw error;
        }
      }
    }
    const sending = Promise.all(Array.from({ length: AT_ONCE }, send));
    let isOver = false;
    const disturbing = (async () => {
      while (!isOver) {
        await Promise.all([lockOneUser(), new Promise((resolve) => setTimeout(resolve, 300))]);
        for (const relay of proxy.relays) if (Math.random() < 0.3) relay.reset();
      }
    })();
    // Ends only if every request does.
    await sending;
    isOver = true;
    await disturbing;
    await close();
    await proxy.close();

    expect(tally.mismatches).toEqual([]);
    // Two actions of thirteen are invalid.
    expect(tally.rejected).toBeGreaterThan(REQUESTS * 0.1);
    expect(tally.rejected).toBeLessThan(REQUESTS * 0.2);
    expect(tally.succeeded).toBeGreaterThan(REQUESTS / 2);
    const { succeeded, rejected, unavailable, mismatches } = tally;
    const figures = { succeeded, rejected, unavailable, mismatches: mismatches.length, connections: proxy.accepted };
    tell(`coalescing, prepared: ${prepared}`, figures);
  },
);
