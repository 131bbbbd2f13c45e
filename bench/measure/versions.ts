import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT } from '../paths.ts';

const PACKAGES = ['fastify', 'knex', 'pg', 'pino'];

/** Versions of the programs and packages that are measured. */
export async function versions(postgres: string, pgbench: string | undefined): Promise<Record<string, string>> {
  const packages = PACKAGES.map(async (name) => {
    const { version } = JSON.parse(await readFile(join(PROJECT, 'node_modules', name, 'package.json'), 'utf8'));
    return [name, version];
  });
  return {
    Node: process.version,
    PostgreSQL: postgres,
    ...(pgbench !== undefined && { pgbench: pgbench.replace(/^pgbench \(PostgreSQL\) (\S+).*/s, '$1') }),
    ...Object.fromEntries(await Promise.all(packages)),
  };
}
