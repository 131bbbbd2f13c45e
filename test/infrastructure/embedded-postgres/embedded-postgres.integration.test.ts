import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EmbeddedPostgres } from '../../../src/infrastructure/embedded-postgres/embedded-postgres.ts';
import { dataFolder, endProcessesOn, processesOn } from '../../support/data-folder.ts';

let dataDir: string;
let postgres: EmbeddedPostgres;

const open = (whenInUse: 'refuse' | 'join' = 'refuse') =>
  EmbeddedPostgres.open({ dataDir, report: () => {}, whenInUse });

beforeAll(async () => {
  dataDir = await dataFolder();
});

afterEach(() => postgres.close());

describe('the embedded database', () => {
  it('removes what a start left behind that was killed before the database was complete', async () => {
    await mkdir(join(dataDir, 'pg18.unfinished-abc', 'base'), { recursive: true });

    postgres = await open();

    expect((await readdir(dataDir)).sort()).toEqual(['pg18', 'pg18.log', 'pg18.password', 'service.lock']);
  });

  it('lets in nobody without its password', async () => {
    postgres = await open();
    const url = new URL(postgres.url);
    url.password = 'wrong';

    await expect(new pg.Client({ connectionString: url.href }).connect()).rejects.toThrow('password');
  });

  it('is used by a guest, who leaves it running', async () => {
    postgres = await open();
    const server = processesOn(dataDir);

    const guest = await open('join');
    await guest.close();

    expect(guest.url).toBe(postgres.url);
    expect(processesOn(dataDir)).toEqual(server);
  });

  it('starts although its server was killed and the number of that process is another one now', async () => {
    postgres = await open();
    await endProcessesOn(dataDir, 'SIGKILL');
    await postgres.close();
    const file = join(dataDir, 'pg18', 'postmaster.pid');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^\d+/, String(process.pid)));

    postgres = await open();

    expect(processesOn(dataDir)).toHaveLength(1);
  });

  it('starts although somebody has removed its log', async () => {
    await rm(join(dataDir, 'pg18.log'));

    postgres = await open();

    expect(processesOn(dataDir)).toHaveLength(1);
  });
});
