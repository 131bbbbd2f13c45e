import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  forgetRecycledPostmaster,
  postmasterOf,
} from '../../../src/infrastructure/embedded-postgres/postmaster-file.ts';
import { dataFolder } from '../../support/data-folder.ts';

let directory: string;

const write = (...lines: (number | string)[]) => writeFile(join(directory, 'postmaster.pid'), lines.join('\n'));

beforeEach(async () => {
  directory = await dataFolder();
});

describe('the file in which a server tells its process and its port', () => {
  it('is read while the server runs', async () => {
    await write(123, '/data', 1_767_225_600, 5432, '', '127.0.0.1');

    expect(await postmasterOf(directory)).toEqual({ pid: 123, port: 5432 });
  });

  it('tells no port while the server is starting', async () => {
    await write(123, '/data', 1_767_225_600);

    expect(await postmasterOf(directory)).toEqual({ pid: 123, port: undefined });
  });

  it('tells nothing when it is missing or was not written to its end', async () => {
    expect(await postmasterOf(directory)).toBeUndefined();
    await write('');
    expect(await postmasterOf(directory)).toBeUndefined();
  });

  it('is removed when its process is another program by now', async () => {
    await write(process.pid, directory);
    await forgetRecycledPostmaster(directory);

    expect(await postmasterOf(directory)).toBeUndefined();
  });

  it('is left to PostgreSQL when its process is gone', async () => {
    const { pid } = spawnSync('true');
    await write(pid, directory);
    await forgetRecycledPostmaster(directory);

    expect(await postmasterOf(directory)).toEqual({ pid, port: undefined });
  });
});
