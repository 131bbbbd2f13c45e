import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, expect, inject, it } from 'vitest';
import type { TaskRepository } from '../../src/application/ports.ts';
import type { Revision, TaskId, UserId } from '../../src/domain/ids.ts';
import { Task } from '../../src/domain/task.ts';
import { freshOwner } from '../support/owners.ts';
import { aBirth, at, freshId } from '../support/tasks.ts';
import { openTasks, tasksIn } from '../support/tasks-in-database.ts';

const RUNS = Number(process.env['FOLLOWER_RUNS'] ?? 20);
const MAX_HOLD_MS = 15;

const { tasks, knex, close } = openTasks(inject('databaseUrl'));
afterAll(close);

interface Write {
  readonly owner: number;
  readonly task: number;
  readonly what: 'create' | 'edit' | 'delete' | 'restore';
  /** How long the statement has been executed before it is committed; 0 for at once. */
  readonly holdMs: number;
}

const write: fc.Arbitrary<Write> = fc.record({
  owner: fc.integer({ min: 0, max: 2 }),
  task: fc.integer({ min: 0, max: 7 }),
  what: fc.constantFrom('create', 'create', 'edit', 'edit', 'delete', 'restore'),
  holdMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: MAX_HOLD_MS })),
});
const writers = fc.array(fc.array(write, { minLength: 5, maxLength: 12 }), { minLength: 4, maxLength: 6 });

async function perform(tasks: TaskRepository, owner: UserId, id: TaskId, { what }: Write): Promise<void> {
  if (what === 'create') {
    await tasks.add(aBirth({ owner, id }));
    return;
  }
  const task = await tasks.find(owner, id);
  if (task === undefined) return;
  await tasks.replace(next(task, what), task.revision);
}

function next(task: Task, what: Exclude<Write['what'], 'create'>): Task {
  switch (what) {
    case 'edit':
      return { ...task, title: `${task.title.slice(0, 200)}.` };
    case 'delete':
      return Task.delete(task, at(1));
    case 'restore':
      return Task.restore(task, at(2));
  }
}

/** A copy of an owner's tasks that knows nothing but the pages of the feed. */
class Follower {
  readonly tasks = new Map<TaskId, Task>();
  readonly #feed: TaskRepository;
  readonly #owner: UserId;
  readonly #limit: number;
  #since: Revision | undefined;

  constructor(feed: TaskRepository, owner: UserId, limit: number) {
    this.#feed = feed;
    this.#owner = owner;
    this.#limit = limit;
  }

  /** @returns whether there is more to follow */
  async followPage(): Promise<boolean> {
    const page = await this.#feed.changes(this.#owner, { since: this.#since, limit: this.#limit });
    if (!page.ok) throw new Error('Nothing was purged');
    for (const change of page.value.changes) {
      expect(change.revision).toBeGreaterThan(this.#since ?? 0);
      if (change.deletedAt === null) this.tasks.set(change.id, change);
      else this.tasks.delete(change.id);
    }
    this.#since = page.value.revision;
    return page.value.hasMore;
  }
}

it(`a follower holds what the server holds after ${RUNS} runs of concurrent writers`, {
  timeout: 600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(writers, fc.integer({ min: 1, max: 4 }), async (scripts, limit) => {
      const owners = [freshOwner(), freshOwner(), freshOwner()];
      const taskIds = Array.from({ length: 8 }, freshId);
      const followers = owners.map((owner) => new Follower(tasks, owner, limit));
      let writing = true;

      const written = Promise.all(
        scripts.map(async (script) => {
          for (const step of script) {
            const [owner, id] = [owners[step.owner] as UserId, taskIds[step.task] as TaskId];
            if (step.holdMs === 0) await perform(tasks, owner, id, step);
            else {
              await knex.transaction(async (held) => {
                await perform(tasksIn(held), owner, id, step);
                await sleep(step.holdMs);
              });
            }
          }
        }),
      ).finally(() => {
        writing = false;
      });
      const followed = followers.map(async (follower) => {
        while (writing) await follower.followPage();
        while (await follower.followPage());
      });
      await Promise.all([written, ...followed]);

      for (const [n, owner] of owners.entries()) {
        const all = { deleted: false, orderBy: 'revision', descending: false, limit: 1_000, withTotal: false } as const;
        const page = await tasks.list(owner, all);
        const held = [...(followers[n] as Follower).tasks.values()].sort((one, other) => one.revision - other.revision);
        expect(held).toEqual(page.tasks);
      }
    }),
    { numRuns: RUNS },
  );
});
