import { existsSync } from 'node:fs';
import { close, compose, TOKENS } from '../../container.ts';
import { MIGRATE_USAGE, migrateAction } from './migrate.ts';

const report = (line: string): void => void process.stderr.write(`${line}\n`);

if (existsSync('.env')) process.loadEnvFile('.env');

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const { message, code } = error as NodeJS.ErrnoException;
  // A host with several addresses, none of which answers, gives an error without a message.
  report(message || `The command failed: ${code}`);
  process.exitCode = 1;
}

/** @returns the exit code */
async function run([command, name]: string[]): Promise<number> {
  const action = command === 'migrate' ? migrateAction(name) : undefined;
  if (action === undefined) return usage();

  // A service that runs on the embedded database keeps running.
  const container = compose({ environment: process.env, report, whenInUse: 'join' });
  try {
    if (!container.isBound(TOKENS.migrator)) throw new Error('STORAGE=memory has no schema to migrate.');
    const lines = await action(await container.getAsync(TOKENS.migrator));
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
