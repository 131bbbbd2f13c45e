import { beforeAll, describe, expect, it } from 'vitest';
import { migrationDirectory } from '../../src/infrastructure/postgres/migrations/source.ts';
import { dataFolder, processesOn } from '../support/data-folder.ts';
import { emptyDatabase } from '../support/empty-database.ts';
import { MIGRATE, run, startService } from '../support/service-process.ts';

const known = await migrationDirectory.getMigrations([]);
const earlier = known.slice(0, -1);
const newest = known.at(-1);
const NOWHERE = 'postgres://nobody@127.0.0.1:1/nothing';

const linesOf = async (command: readonly string[], environment: NodeJS.ProcessEnv): Promise<string[]> => {
  const { code, stdout, stderr } = await run(command, environment);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.trim().split('\n');
};

describe.concurrent('the command that migrates', () => {
  it('brings the schema up, tells where it is, takes one step back, and brings it up again', async ({
    onTestFinished,
  }) => {
    const environment = { DATABASE_URL: await emptyDatabase(onTestFinished) };

    expect(await linesOf(MIGRATE, environment)).toEqual(known.map((name) => `applied ${name}`));
    expect(await linesOf([...MIGRATE, 'down'], environment)).toEqual([`took back ${newest}`]);
    expect(await linesOf([...MIGRATE, 'status'], environment)).toEqual([
      ...earlier.map((name) => `done     ${name}`),
      `pending  ${newest}`,
    ]);
    expect(await linesOf([...MIGRATE, 'up'], environment)).toEqual([`applied ${newest}`]);
  });

  it('goes past the pooler when it is told a direct way', async ({ onTestFinished }) => {
    const environment = { DATABASE_URL: NOWHERE, DATABASE_DIRECT_URL: await emptyDatabase(onTestFinished) };

    expect(await linesOf(MIGRATE, environment)).toHaveLength(known.length);
  });

  it('says in one line that a database does not answer', async () => {
    const { code, messages } = await run(MIGRATE, { DATABASE_URL: NOWHERE });

    expect(code).toBe(1);
    expect(messages).toEqual([expect.stringContaining('ECONNREFUSED')]);
  });
});

describe('the command that migrates, without a database that it is told', () => {
  let DATA_DIR: string;

  beforeAll(async () => {
    DATA_DIR = await dataFolder();
  });

  it('makes an embedded database where there is none, and leaves no process behind', async () => {
    expect(await run(MIGRATE, { DATA_DIR })).toMatchObject({ code: 0, stdout: 'The schema is up to date.\n' });
    expect(processesOn(DATA_DIR)).toEqual([]);
  });

  it('uses the embedded database of a running service, and leaves it running', async () => {
    const service = await startService({ DATA_DIR });

    expect(await linesOf(MIGRATE, { DATA_DIR })).toEqual(['The schema is up to date.']);

    const { status } = await fetch(`${service.baseUrl}/readyz`);
    expect(status).toBe(200);
    expect(await service.stop()).toBe(0);
    expect(processesOn(DATA_DIR)).toEqual([]);
  });
});
