import { beforeEach, describe, expect, it } from 'vitest';
import { operatorUseCases } from '../../../src/application/operator-use-cases.ts';
import type { DistributionState, TaskErasure } from '../../../src/application/ports.ts';
import type { Revision, UserId } from '../../../src/domain/ids.ts';
import { InMemoryTaskRepository } from '../../../src/infrastructure/memory/in-memory-task-repository.ts';
import { parseCommand, type Tools, UsageError } from '../../../src/interfaces/cli/command.ts';
import { aBirth, at } from '../../support/tasks.ts';

const alice = 'alice' as UserId;
const bob = 'bob' as UserId;
const DAY = 86_400_000;
const now = at(100 * DAY);

let tasks: InMemoryTaskRepository;
let said: string[];
let asked: string[];
let agrees: boolean;
let cluster: DistributionState;

beforeEach(async () => {
  tasks = new InMemoryTaskRepository();
  [said, asked, agrees] = [[], [], false];
  cluster = { kind: 'undistributed', machines: 3 };
  await deletedTasks(alice, 1, 2_500);
  await deletedTasks(alice, 99, 1);
  await deletedTasks(bob, 2, 1);
  await tasks.add(aBirth({ owner: alice, title: 'live' }));
});

async function deletedTasks(owner: UserId, day: number, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const added = await tasks.add(aBirth({ owner }));
    if (added.ok) await tasks.replace({ ...added.value.task, deletedAt: at(day * DAY) }, added.value.task.revision);
  }
}

const toolsOn = (erasure: TaskErasure): Tools => ({
  migrations: () => Promise.reject(new Error('Nothing is to be migrated')),
  operatorUseCases: async () =>
    operatorUseCases(erasure, {
      state: async () => cluster,
      distribute: async () => {
        cluster = { kind: 'distributed', machines: 3 };
      },
    }),
  terminal: {
    say: (line) => said.push(line),
    progress: (line) => said.push(line),
    confirm: async (question) => {
      asked.push(question);
      return agrees;
    },
  },
  now,
});

const run = (...args: string[]): Promise<number> => parseCommand(args)(toolsOn(tasks));

describe('purge', () => {
  it('asks, and does nothing without a yes', async () => {
    expect(await run('purge', '--deleted-before', '30d')).toBe(0);
    expect(asked).toEqual([expect.stringContaining('2501 tasks of 2 owners')]);
    expect(await tasks.count(alice)).toBe(2_502);
  });

  it('erases in batches, telling how far it is', async () => {
    agrees = true;
    await run('purge', '--deleted-before', '30d');
    expect(said).toEqual([
      '1000 of 2501 erased',
      '2000 of 2501 erased',
      '2500 of 2501 erased',
      '2501 of 2501 erased',
      'Erased 2501 deleted tasks for good.',
    ]);
    expect([await tasks.count(alice), await tasks.count(bob)]).toEqual([2, 0]);
    expect(await tasks.changes(alice, { since: 1 as Revision, limit: 1 })).toMatchObject({ ok: false });
  });

  it('does not ask with --yes, and changes nothing with --dry-run', async () => {
    await run('purge', '--deleted-before', '2026-01-02', '--dry-run', '--yes');
    expect(said).toEqual(['There is nothing to purge.']);
    await run('purge', '--deleted-before', '2026-03-01', '--dry-run', '--yes');
    expect(said.at(-1)).toBe(
      'Would erase 2501 tasks of 2 owners, deleted before 2026-03-01T00:00:00.000Z. Nothing was changed.',
    );
    expect(await tasks.count(alice)).toBe(2_502);
    await run('purge', '--deleted-before', '2026-03-01', '--yes');
    expect([await tasks.count(alice), asked]).toEqual([2, []]);
  });
});

describe('erase', () => {
  it('does not chase an owner who keeps writing, and says so', async () => {
    const erasure: TaskErasure = {
      tombstones: (...args) => tasks.tombstones(...args),
      purge: (...args) => tasks.purge(...args),
      count: (owner) => tasks.count(owner),
      leap: (...args) => tasks.leap(...args),
      erase: async () => ({ tasks: 1, isComplete: false }),
    };
    expect(await parseCommand(['erase', '--user', 'alice', '--yes'])(toolsOn(erasure))).toBe(1);
    expect(said.at(-1)).toContain('Somebody writes');
  });

  it('takes one owner away, deleted tasks and all', async () => {
    await run('erase', '--user', 'alice', '--dry-run');
    expect(said).toEqual([expect.stringContaining('Would erase 2502 tasks of one owner')]);
    await run('erase', '--user', 'alice');
    expect(await tasks.count(alice)).toBe(2_502);

    await run('erase', '--user', 'alice', '--yes');
    expect(said.at(-1)).toBe('Erased 2502 tasks for good.');
    expect([await tasks.count(alice), await tasks.revision(alice), await tasks.count(bob)]).toEqual([0, 0, 1]);
  });
});

describe('resync', () => {
  it('asks, and does nothing without a yes or with --dry-run', async () => {
    expect(await run('resync')).toBe(0);
    expect(asked).toEqual(['Raise the revisions of all owners and have every follower begin again?']);
    await run('resync', '--dry-run', '--yes');
    expect(await tasks.revision(bob)).toBe(2);
  });

  it('raises the revisions of all owners', async () => {
    expect(await run('resync', '--yes')).toBe(0);
    expect(said).toEqual(['2 owners', 'Raised the revisions of 2 owners. Their followers begin again.']);
    expect(await tasks.revision(bob)).toBe(1_000_002);
  });
});

describe('distribute', () => {
  it('explains itself, asks, and does nothing without a yes', async () => {
    expect(await run('distribute')).toBe(0);
    expect(said[0]).toContain('All tasks of one owner will lie on one machine');
    expect(asked).toEqual(['Distribute all tasks over 3 machines by user_id?']);
    expect(cluster).toEqual({ kind: 'undistributed', machines: 3 });
  });

  it('distributes, and says that nothing is left to do when it is asked again', async () => {
    expect(await run('distribute', '--yes')).toBe(0);
    expect(said.slice(1)).toEqual([
      'Distributed all tasks over 3 machines by user_id.',
      expect.stringContaining('Restart every process of the service'),
      expect.stringContaining('truncate_local_data_after_distributing_table'),
    ]);
    expect(await run('distribute')).toBe(0);
    expect(said.at(-1)).toBe('The tasks are distributed over 3 machines by user_id already.');
    expect(asked).toEqual([]);
  });

  it('refuses where there is no cluster, and where it is distributed by something else', async () => {
    cluster = { kind: 'no-cluster' };
    await expect(run('distribute', '--yes')).rejects.toThrow('has no extension citus');
    cluster = { kind: 'distributed-otherwise' };
    await expect(run('distribute', '--yes')).rejects.toThrow('undistribute_table');
  });
});

describe('a command line', () => {
  it.each([
    [['purge', '--deleted-before', '12h']],
    [['purge', '--deleted-before', '4w']],
    [['purge', '--deleted-before', '2026-02-28T12:00:00+01:00']],
  ])('is understood: %j', async (args) => {
    await expect(run(...args)).resolves.toBe(0);
  });

  it.each([
    [[]],
    [['nothing']],
    [['migrate', 'sideways']],
    [['migrate', 'up', 'down']],
    [['purge']],
    [['purge', '--deleted-before', '30']],
    [['purge', '--deleted-before', 'yesterday']],
    [['purge', '--deleted-before', '2026-02-31']],
    [['purge', '--deleted-before', '2999-01-01']],
    [['purge', 'now', '--deleted-before', '30d']],
    [['purge', '--before', '30d']],
    [['erase']],
    [['erase', '--user', '..']],
    [['erase', '--user', 'a b']],
    [['erase', '--user', 'alice', '--user', 'bob']],
    [['erase', '--user', 'alice', '--deleted-before', '30d', '--yes']],
    [['purge', '--deleted-before', '30d', '--user', 'alice', '--yes']],
    [['purge', '--deleted-before', '30d', '--deleted-before', '1d', '--yes']],
    [['migrate', 'down', '--dry-run']],
    [['migrate', '--user', 'alice']],
    [['resync', 'alice']],
    [['resync', '--user', 'alice', '--yes']],
    [['distribute', '--shards', '32']],
  ])('is refused with its usage: %j', async (args) => {
    await expect(Promise.resolve().then(() => run(...args))).rejects.toThrow(UsageError);
  });
});
