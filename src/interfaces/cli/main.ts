import { existsSync } from 'node:fs';
import { close, compose, TOKENS } from '../../container.ts';
import { MIGRATE_USAGE, migrate } from './migrate.ts';

const report = (line: string): void => void process.stderr.write(`${line}\n`);

if (existsSync('.env')) process.loadEnvFile('.env');

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  report((error as Error).message);
  process.exitCode = 1;
}

/** @returns the exit code */
async function run([command, action]: string[]): Promise<number> {
  if (command !== 'migrate') return usage();

  // A service that runs on the embedded database keeps running.
  const container = compose({ environment: process.env, report, whenInUse: 'join' });
  try {
    const lines = await migrate(await container.getAsync(TOKENS.migrator), action);
    if (lines === undefined) return usage();
    for (const line of lines) process.stdout.write(`${line}\n`);
    return 0;
  } finally {
    await close(container);
  }
}

function usage(): number {
  report(`Usage: ${MIGRATE_USAGE}`);
  return 2;
}
