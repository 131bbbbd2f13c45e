import { spawnSync } from 'node:child_process';
import { chown } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { dataFolder, processesOn } from '../support/data-folder.ts';
import { startService } from '../support/service-process.ts';
import { createTask } from './task-client.ts';

const hasUserNamespaces = (uid: number) => spawnSync('unshare', ['--user', 'true'], { uid }).status === 0;

const SOURCE = new URL('../../src/interfaces/http/main.ts', import.meta.url).pathname;
const canReadProject = (uid: number) =>
  spawnSync('node', ['--eval', 'fs.accessSync(process.argv[1])', SOURCE], { uid, cwd: '/' }).status === 0;

describe.concurrent('the service of an ordinary user', () => {
  it.for([
    { who: 'nobody', uid: 65_534 },
    { who: 'a user without a name', uid: 12_345 },
  ])('serves from an embedded database that belongs to the same user: $who', async ({ uid }, { skip }) => {
    skip(process.getuid?.() !== 0, 'the tests do not run as the superuser, so all of them are an ordinary user');
    skip(!canReadProject(uid), 'other users cannot read this project');
    skip(uid === 12_345 && !hasUserNamespaces(uid), 'without user namespaces, PostgreSQL wants a user with a name');
    const DATA_DIR = await dataFolder();
    await chown(DATA_DIR, uid, uid);

    const service = await startService({ DATA_DIR }, { uid, gid: uid });
    await createTask(service.baseUrl, 'alice', 'Buy milk');

    expect(await service.stop()).toBe(0);
    expect(processesOn(DATA_DIR)).toEqual([]);
  });
});
