import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BENCH, PROJECT } from '../paths.ts';

const OURS = ['fastify', 'knex', 'pg'];

/** Versions of all programs and packages that are measured. */
export async function versions(postgres: string, pgbench: string | undefined): Promise<Record<string, string>> {
  const { dependencies }: { dependencies: Record<string, string> } = await packageJson(BENCH);
  const names: [string, string][] = [
    ...OURS.map((name): [string, string] => [PROJECT, name]),
    ...Object.keys(dependencies).map((name): [string, string] => [BENCH, name]),
  ];
  const packages = names.map(async ([folder, name]) => [
    name,
    (await packageJson(join(folder, 'node_modules', name))).version,
  ]);
  return {
    Node: process.version,
    PostgreSQL: postgres,
    ...(pgbench !== undefined && { pgbench: pgbench.replace(/^pgbench \(PostgreSQL\) (\S+).*/s, '$1') }),
    ...Object.fromEntries(await Promise.all(packages)),
  };
}

const packageJson = async (folder: string) => JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
