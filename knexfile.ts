import { existsSync } from 'node:fs';
import type { Knex } from 'knex';
import { migrationDirectory } from './src/infrastructure/postgres/migration-directory.ts';
import { readSettings } from './src/infrastructure/settings.ts';

if (existsSync('.env')) process.loadEnvFile('.env');

const { DATABASE_DIRECT_URL, DATABASE_URL } = readSettings(process.env);
const connectionString = DATABASE_DIRECT_URL ?? DATABASE_URL;
if (connectionString === undefined) {
  throw new Error('The knex CLI needs DATABASE_URL. For the embedded database there is `npm run migrate`.');
}

/** For the knex CLI. The service itself migrates with the same list, under the same names. */
const config: Knex.Config = {
  client: 'pg',
  connection: { connectionString, application_name: 'task-service migrations' },
  pool: { min: 0, max: 2 },
  migrations: { migrationSource: migrationDirectory },
};

export default config;
