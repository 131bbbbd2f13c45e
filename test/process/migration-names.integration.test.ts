import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { emptyDatabase } from '../support/empty-database.ts';
import { MIGRATE, run } from '../support/service-process.ts';

const KNEX = 'node_modules/knex/bin/cli.js';
const KNEX_ON_SOURCE = ['node', '--import', 'tsx', KNEX, '--knexfile', 'knexfile.ts'];
const KNEX_ON_BUILD = ['node', KNEX, '--knexfile', join(inject('buildFolder'), 'knexfile.js')];
const MIGRATE_FROM_SOURCE = ['node', '--import', 'tsx', 'src/interfaces/cli/main.ts', 'migrate'];

async function output(command: readonly string[], DATABASE_URL: string): Promise<string> {
  const { code, stdout, stderr } = await run(command, { DATABASE_URL });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

describe.concurrent('a schema', () => {
  it('that the knex command brought up from source is up to date for the build', async ({ onTestFinished }) => {
    const url = await emptyDatabase(onTestFinished);
    await output([...KNEX_ON_SOURCE, 'migrate:latest'], url);

    expect(await output(MIGRATE, url)).toBe('The schema is up to date.\n');
    expect(await output([...KNEX_ON_BUILD, 'migrate:status'], url)).toContain('No Pending Migration files Found.');
  });

  it('that the build brought up is up to date for the source, whose knex command takes it back', async ({
    onTestFinished,
  }) => {
    const url = await emptyDatabase(onTestFinished);
    await output(MIGRATE, url);

    expect(await output(MIGRATE_FROM_SOURCE, url)).toBe('The schema is up to date.\n');
    expect(await output([...KNEX_ON_SOURCE, 'migrate:rollback'], url)).toContain('Batch 1 rolled back');
  });

  it('is brought up once by five processes that begin at the same time', async ({ onTestFinished }) => {
    const url = await emptyDatabase(onTestFinished);

    const outputs = await Promise.all(Array.from({ length: 5 }, () => output(MIGRATE, url)));

    expect(outputs.filter((text) => text.startsWith('applied'))).toHaveLength(1);
    expect(outputs.filter((text) => text === 'The schema is up to date.\n')).toHaveLength(4);
  });
});
