import { createInterface } from 'node:readline/promises';

/** Where an operator is told what happens, and asked before it does. */
export interface Terminal {
  say(line: string): void;
  /** Told again and again while something takes its time. */
  progress(line: string): void;
  confirm(question: string): Promise<boolean>;
}

/** Questions and progress go to standard error, results to standard output. */
export const terminal: Terminal = {
  say: (line) => void process.stdout.write(`${line}\n`),
  progress: (line) => void process.stderr.write(process.stderr.isTTY ? `\r${line}` : `${line}\n`),
  async confirm(question) {
    // A script that forgot --yes must neither hang nor look as if all were well.
    if (!process.stdin.isTTY)
      throw new Error('Nobody can be asked here, so nothing was changed. --yes goes on without.');
    const asked = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await asked.question(`${question} [y/N] `);
    asked.close();
    return /^y(es)?$/i.test(answer.trim());
  },
};

export interface Choices {
  /** Tell what would be done, and do nothing. */
  readonly dryRun: boolean;
  /** Do not ask. */
  readonly yes: boolean;
}

/** Whether to go on with what cannot be undone. */
export const mayErase = (what: string, choices: Choices, terminal: Terminal): Promise<boolean> =>
  mayGoOn(`erase ${what}`, choices, terminal, `Erase ${what} for good?`);

/** @param deed what would be done, as an infinitive */
export async function mayGoOn(
  deed: string,
  { dryRun, yes }: Choices,
  { say, confirm }: Terminal,
  question = `${deed.charAt(0).toUpperCase()}${deed.slice(1)}?`,
): Promise<boolean> {
  if (dryRun) {
    say(`Would ${deed}. Nothing was changed.`);
    return false;
  }
  if (yes || (await confirm(question))) return true;
  say('Nothing was changed. --yes goes on without asking.');
  return false;
}
