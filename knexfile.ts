import { existsSync } from 'node:fs';
import { migrationConfig } from './src/infrastructure/postgres/migrations/migration-config.ts';
import { readSettings } from './src/infrastructure/settings.ts';

if (existsSync('.env')) process.loadEnvFile('.env');

const { DATABASE_DIRECT_URL, DATABASE_URL } = readSettings(process.env);
const url = DATABASE_DIRECT_URL ?? DATABASE_URL;
if (url === undefined) {
  throw new Error('The knex CLI needs DATABASE_URL. For the embedded database there is `npm run migrate`.');
}

/** For the knex CLI. The service itself migrates with the same list, under the same names. */
export default migrationConfig(url);
