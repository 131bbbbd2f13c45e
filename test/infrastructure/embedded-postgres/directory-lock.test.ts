import { spawnSync } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { DirectoryLock } from '../../../src/infrastructure/embedded-postgres/directory-lock.ts';
import { processIdentity } from '../../../src/infrastructure/embedded-postgres/process-identity.ts';
import { dataFolder } from '../../support/data-folder.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await dataFolder();
  file = join(folder, 'service.lock');
});

describe('the lock of a data directory', () => {
  it('is refused to a second owner, who is told the process of the first', async () => {
    await DirectoryLock.acquire(file);

    expect(await DirectoryLock.acquire(file)).toEqual({ heldBy: process.pid });
  });

  it('can be had again after its release, and leaves no file behind', async () => {
    for (const _ of ['first', 'second']) {
      const lock = await DirectoryLock.acquire(file);
      if (!(lock instanceof DirectoryLock)) throw new Error('The lock is held');
      await lock.release();
    }

    expect(await readdir(folder)).toEqual([]);
  });

  it('goes to one of two who find a stale one at once', async () => {
    await writeFile(file, '');

    const outcomes = await Promise.all([DirectoryLock.acquire(file), DirectoryLock.acquire(file)]);

    expect(outcomes.filter((outcome) => outcome instanceof DirectoryLock)).toHaveLength(1);
  });

  it('is no obstacle when its process is dead', async () => {
    const { pid } = spawnSync('true');
    await writeFile(file, JSON.stringify({ pid, identity: processIdentity(process.pid) }));

    expect(await DirectoryLock.acquire(file)).toBeInstanceOf(DirectoryLock);
  });

  it('is no obstacle when the number of its process belongs to another one now', async () => {
    await writeFile(file, JSON.stringify({ pid: process.pid, identity: 'of an earlier process' }));

    expect(await DirectoryLock.acquire(file)).toBeInstanceOf(DirectoryLock);
  });

  it.each(['', 'null', '42', '{"pid":', '{"pid":"1","identity":{}}', `{"pid":${process.pid}}`, '\u0000\u0000'])(
    'is no obstacle when its file holds %j',
    async (content) => {
      await writeFile(file, content);

      expect(await DirectoryLock.acquire(file)).toBeInstanceOf(DirectoryLock);
    },
  );
});
