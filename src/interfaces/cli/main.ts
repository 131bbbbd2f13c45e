import { existsSync } from 'node:fs';
import { close, compose, TOKENS } from '../../container.ts';
import { parseCommand, USAGE, UsageError } from './command.ts';
import { terminal } from './terminal.ts';

const report = (line: string): void => void process.stderr.write(`${line}\n`);

if (existsSync('.env')) process.loadEnvFile('.env');

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const { message, cause } = error as Error;
  report(message);
  if (cause instanceof Error && cause.message !== message) report(cause.message);
  if (error instanceof UsageError) report(USAGE);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

/** @returns the exit code */
async function run(args: string[]): Promise<number> {
  const command = parseCommand(args);
  // A service that runs on the embedded database keeps running.
  const container = compose({ environment: process.env, report, whenInUse: 'join' });
  try {
    if (!container.isBound(TOKENS.migrator))
      throw new Error('STORAGE=memory keeps nothing that a command could work on.');
    return await command({
      migrations: () => container.getAsync(TOKENS.migrator),
      operatorUseCases: () => container.getAsync(TOKENS.operatorUseCases),
      terminal,
      now: new Date(),
    });
  } finally {
    await close(container);
  }
}
