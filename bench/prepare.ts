import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BENCH, PROJECT } from './paths.ts';

const TIME_LIMIT_MS = 300_000;
const COMPILER = join(PROJECT, 'node_modules/typescript/bin/tsc');

/** Installs the packages of the peers if they are missing or outdated, and compiles the service and the peers. */
export async function prepare(report: (line: string) => void): Promise<void> {
  if (!(await isInstalled())) {
    report('Installing the packages of the peers');
    await run('npm', ['ci', '--ignore-scripts', '--no-progress'], BENCH);
  }
  report('Compiling');
  await Promise.all([
    run('npm', ['run', 'build'], PROJECT),
    run(process.execPath, [COMPILER, '-p', 'tsconfig.build.json'], BENCH),
  ]);
}

/** Checks the types of this folder. The project's own check omits them, because the packages of the peers may be missing. */
export const checkTypes = (): Promise<void> => run(process.execPath, [COMPILER, '-p', '.'], BENCH);

async function isInstalled(): Promise<boolean> {
  const packagesOf = async (file: string): Promise<Record<string, { version: string }>> =>
    JSON.parse(await readFile(join(BENCH, file), 'utf8')).packages;
  try {
    const { '': _root, ...wanted } = await packagesOf('package-lock.json');
    const present = await packagesOf('node_modules/.package-lock.json');
    return Object.entries(wanted).every(([name, { version }]) => present[name]?.version === version);
  } catch {
    return false;
  }
}

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
