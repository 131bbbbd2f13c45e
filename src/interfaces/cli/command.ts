import { parseArgs } from 'node:util';
import type { OperatorUseCases } from '../../application/operator-use-cases.ts';
import type { UserId } from '../../domain/ids.ts';
import { USER_ID_PATTERN } from '../../domain/limits.ts';
import { erase } from './erase.ts';
import { MIGRATE_USAGE, type Migrations, migrateAction } from './migrate.ts';
import { MOMENT_FORMS, parseMoment } from './moment.ts';
import { purge } from './purge.ts';
import type { Terminal } from './terminal.ts';

/** What commands are carried out with; opened when it is asked for. */
export interface Tools {
  migrations(): Promise<Migrations>;
  operatorUseCases(): Promise<OperatorUseCases>;
  readonly terminal: Terminal;
  readonly now: Date;
}

/** @returns the exit code */
export type Command = (tools: Tools) => Promise<number>;

/** The command line is not understood; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = [
  'Usage:',
  `  ${MIGRATE_USAGE}`,
  '  purge --deleted-before <moment> [--dry-run] [--yes]   erase for good what was deleted before',
  '  erase --user <user_id> [--dry-run] [--yes]            erase all that one owner ever had',
  `  A moment is ${MOMENT_FORMS}.`,
].join('\n');

/** @throws {UsageError} */
export function parseCommand(args: string[]): Command {
  const { values, positionals } = parsed(args);
  const [name, action, ...rest] = positionals;
  const choices = { dryRun: values['dry-run'], yes: values.yes };
  if (rest.length > 0 || (name !== 'migrate' && action !== undefined))
    throw new UsageError('There is a word too many.');

  switch (name) {
    case 'migrate':
      return migrateCommand(action);
    case 'purge':
      return async ({ operatorUseCases, terminal, now }) => {
        const before = parseMoment(values['deleted-before'] ?? '', now);
        if (before === undefined) throw new UsageError(`--deleted-before must be ${MOMENT_FORMS}.`);
        return purge((await operatorUseCases()).purge, before, choices, terminal);
      };
    case 'erase':
      return async ({ operatorUseCases, terminal }) => {
        const owner = values.user ?? '';
        if (!new RegExp(USER_ID_PATTERN, 'u').test(owner)) throw new UsageError('--user must be a user_id.');
        return erase((await operatorUseCases()).erase, owner as UserId, choices, terminal);
      };
    default:
      throw new UsageError('There is no such command.');
  }
}

function parsed(args: string[]) {
  const flag = { type: 'boolean', default: false } as const;
  const text = { type: 'string' } as const;
  const options = { 'deleted-before': text, user: text, 'dry-run': flag, yes: flag };
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function migrateCommand(name: string | undefined): Command {
  const action = migrateAction(name);
  if (action === undefined) throw new UsageError('There is no such action.');
  return async ({ migrations, terminal }) => {
    for (const line of await action(await migrations())) terminal.say(line);
    return 0;
  };
}
