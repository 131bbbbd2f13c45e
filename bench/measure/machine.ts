import { execFile } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { PROJECT } from '../paths.ts';

const execute = promisify(execFile);

export interface Machine {
  readonly processor: string;
  readonly processors: number;
  readonly memoryGibibytes: number;
  readonly system: string;
}

export const machine = (): Machine => ({
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  processors: cpus().length,
  memoryGibibytes: Math.round(totalmem() / 2 ** 30),
  system: `${process.platform} ${release()}`,
});

/** @returns `undefined` if the program is missing or fails */
export const outputOf = (program: string, ...args: string[]): Promise<string | undefined> =>
  execute(program, args, { cwd: PROJECT }).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );

/** @returns the commit, with `+` if there are uncommitted changes */
export async function commit(): Promise<string> {
  const hash = await outputOf('git', 'rev-parse', '--short=12', 'HEAD');
  if (hash === undefined) return 'unknown';
  return (await outputOf('git', 'status', '--porcelain')) === '' ? hash : `${hash}+`;
}
