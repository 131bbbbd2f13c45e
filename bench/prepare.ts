import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { BENCH, PROJECT } from './paths.ts';

const TIME_LIMIT_MS = 300_000;
const COMPILER = join(PROJECT, 'node_modules/typescript/bin/tsc');

/** Compiles the service and the peers. */
export async function prepare(report: (line: string) => void): Promise<void> {
  report('Compiling');
  await Promise.all([
    run('npm', ['run', 'build'], PROJECT),
    run(process.execPath, [COMPILER, '-p', 'tsconfig.build.json'], BENCH),
  ]);
}

/** Checks the types of this folder, which the project's own check omits. */
export const checkTypes = (): Promise<void> => run(process.execPath, [COMPILER, '-p', '.'], BENCH);

/** @throws with the complete output */
function run(program: string, args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: TIME_LIMIT_MS });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${program} ${args.join(' ')}:\n${output}`)),
    );
  });
}
