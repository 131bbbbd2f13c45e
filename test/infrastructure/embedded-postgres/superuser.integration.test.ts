import { spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, type TestContext, vi } from 'vitest';
import { EmbeddedPostgres } from '../../../src/infrastructure/embedded-postgres/embedded-postgres.ts';
import { choosePostgresUser } from '../../../src/infrastructure/embedded-postgres/postgres-user.ts';
import { dataFolder, processesOn } from '../../support/data-folder.ts';

const NOBODY = 65_534;
/** `daemon`, whom every system knows: PostgreSQL wants a user with a name. */
const SOMEBODY = 1;

let folder: string;

beforeEach(async ({ skip }: TestContext) => {
  skip(process.getuid?.() !== 0, 'what the superuser meets, and the tests do not run as one');
  folder = await dataFolder();
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the embedded database of the superuser', () => {
  it('works below a folder that nobody else may enter', async ({ skip }) => {
    skip(spawnSync('unshare', ['--user', 'true']).status !== 0, 'there are no user namespaces');
    await chmod(folder, 0o700);

    await startAndStopOn(join(folder, 'data'));

    expect(await ownerOf(join(folder, 'data/pg18'))).toBe(0);
  });

  it("stays an ordinary user's in that user's folder", async () => {
    await chown(folder, SOMEBODY, SOMEBODY);

    await startAndStopOn(folder);

    expect(await ownerOf(join(folder, 'pg18'))).toBe(SOMEBODY);
    expect(await ownerOf(join(folder, 'pg18.password'))).toBe(SOMEBODY);
  });

  it('goes on where there are no user namespaces any more, and where they have come back', async () => {
    await startAndStopOn(folder);
    await forbidUserNamespaces();
    await startAndStopOn(folder);

    expect(await ownerOf(join(folder, 'pg18/PG_VERSION'))).toBe(NOBODY);

    vi.unstubAllEnvs();
    await startAndStopOn(folder);
  });

  it('is refused in one line where there are no user namespaces and nobody else may enter', async () => {
    await forbidUserNamespaces();
    const dataDir = join(folder, 'private', 'data');
    await mkdir(join(folder, 'private'), { mode: 0o700 });

    const refusal = await startAndStopOn(dataDir).catch((error: Error) => error.message);

    expect(refusal).toContain(`no other user can use ${dataDir}`);
    expect(refusal).toContain('DATABASE_URL');
    expect(refusal).not.toContain('\n');
  });

  it('runs a copy of the programs where only the superuser can reach them', async () => {
    await forbidUserNamespaces();
    const hidden = join(folder, 'hidden');
    await mkdir(join(hidden, 'bin'), { recursive: true });
    await chmod(hidden, 0o700);
    await writeProgram(join(hidden, 'bin', 'postgres'), 'echo "$0"');

    const user = await choosePostgresUser(hidden, join(folder, 'pg18'));

    const copy = join(folder, 'pg18.binaries', 'bin', 'postgres');
    expect(await user.run('postgres', [])).toEqual({ code: 0, output: copy });
  });
});

async function startAndStopOn(dataDir: string): Promise<void> {
  const postgres = await EmbeddedPostgres.open({ dataDir, report: () => {}, whenInUse: 'refuse' });
  await postgres.close();
  expect(processesOn(dataDir)).toEqual([]);
}

/** As in most containers. */
async function forbidUserNamespaces(): Promise<void> {
  const programs = join(folder, 'programs');
  await mkdir(programs);
  await writeProgram(join(programs, 'unshare'), 'exit 1');
  vi.stubEnv('PATH', `${programs}:${process.env['PATH']}`);
}

const writeProgram = (file: string, script: string): Promise<void> =>
  writeFile(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });

const ownerOf = async (path: string): Promise<number> => (await stat(path)).uid;
