import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { OperatorUseCases } from '../../application/operator-use-cases.ts';
import type { UserId } from '../../domain/ids.ts';
import { USER_ID_PATTERN } from '../../domain/limits.ts';
import { distribute } from './distribute.ts';
import { erase } from './erase.ts';
import { MIGRATE_USAGE, type Migrations, migrateAction } from './migrate.ts';
import { MOMENT_FORMS, parseMoment } from './moment.ts';
import { purge } from './purge.ts';
import { resync } from './resync.ts';
import type { Choices, Terminal } from './terminal.ts';

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
  '  resync [--dry-run] [--yes]                            have every follower begin again, after a backup was restored',
  '  distribute [--dry-run] [--yes]                        spread the tasks over the machines of a Citus cluster',
  `  A moment is ${MOMENT_FORMS}.`,
].join('\n');

/** @throws {UsageError} */
export function parseCommand([name, ...args]: string[]): Command {
  switch (name) {
    case 'migrate': {
      const { positionals } = parsed({ args, options: {}, allowPositionals: true });
      if (positionals.length > 1) throw new UsageError('There is a word too many.');
      return migrateCommand(positionals[0]);
    }
    case 'purge': {
      const { values } = parsed({ args, options: { 'deleted-before': TEXT, ...CHOICES } });
      return async ({ operatorUseCases, terminal, now }) => {
        const before = parseMoment(only(values['deleted-before']), now);
        if (before === undefined) throw new UsageError(`--deleted-before must be ${MOMENT_FORMS}.`);
        return purge((await operatorUseCases()).purge, before, choicesOf(values), terminal);
      };
    }
    case 'erase': {
      const { values } = parsed({ args, options: { user: TEXT, ...CHOICES } });
      return async ({ operatorUseCases, terminal }) => {
        const owner = only(values.user);
        if (!new RegExp(USER_ID_PATTERN, 'u').test(owner)) throw new UsageError('--user must be a user_id.');
        return erase((await operatorUseCases()).erase, owner as UserId, choicesOf(values), terminal);
      };
    }
    case 'resync': {
      const { values } = parsed({ args, options: CHOICES });
      return async ({ operatorUseCases, terminal }) =>
        resync((await operatorUseCases()).resync, choicesOf(values), terminal);
    }
    case 'distribute': {
      const { values } = parsed({ args, options: CHOICES });
      return async ({ operatorUseCases, terminal }) =>
        distribute((await operatorUseCases()).distribute, choicesOf(values), terminal);
    }
    default:
      throw new UsageError('There is no such command.');
  }
}

const TEXT = { type: 'string', multiple: true } as const;
const FLAG = { type: 'boolean', default: false } as const;
const CHOICES = { 'dry-run': FLAG, yes: FLAG };

const choicesOf = (values: { 'dry-run': boolean; yes: boolean }): Choices => ({
  dryRun: values['dry-run'],
  yes: values.yes,
});

/** What is given twice could mean either. */
const only = (values: readonly string[] = []): string => (values.length === 1 ? String(values[0]) : '');

/** Options of other commands are refused: what somebody thinks is limited by them would not be. */
function parsed<const T extends ParseArgsConfig>(config: T) {
  try {
    return parseArgs(config);
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
