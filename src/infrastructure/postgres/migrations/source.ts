import { readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Knex } from 'knex';

const directory = new URL('../../../../migrations/', import.meta.url);
const extension = extname(import.meta.url);

/**
 * The files of `migrations/`, named without their extension: a database that was migrated from source (`.ts`) is up to
 * date for the built service (`.js`), and the other way round.
 */
export const migrationDirectory: Knex.MigrationSource<string> = {
  async getMigrations() {
    const files = await readdir(directory);
    return files
      .filter((file) => file.endsWith(extension) && !file.endsWith('.d.ts'))
      .map((file) => file.slice(0, -extension.length))
      .sort();
  },
  getMigrationName: (name) => name,
  getMigration: (name) => import(new URL(name + extension, directory).href),
};
