import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADAPTER_BUGS, type PlantedBug } from './adapter-bugs.ts';

/**
 * Plants each bug into a copy of the tree and expects the tests of the adapters to turn red: `npm run test:planted`. A suite
 * that a classic mistake gets past is not worth its green.
 */
const project = join(import.meta.dirname, '../..');
const copy = mkdtempSync(join(tmpdir(), 'planted-bugs-'));
process.once('exit', () => rmSync(copy, { recursive: true, force: true }));

for (const entry of [
  'src',
  'migrations',
  'test',
  'package.json',
  'knexfile.ts',
  'vitest.config.ts',
  'tsconfig.json',
  'tsconfig.build.json',
]) {
  cpSync(join(project, entry), join(copy, entry), { recursive: true });
}
symlinkSync(join(project, 'node_modules'), join(copy, 'node_modules'));

for (const { name, file, find } of ADAPTER_BUGS) {
  const places = readFileSync(join(copy, file), 'utf8').split(find).length - 1;
  if (places !== 1) throw new Error(`What "${name}" would change stands ${places} times in ${file}`);
}
if (!isGreen()) throw new Error('The tests must be green before a bug is planted');

const missed = ADAPTER_BUGS.filter((bug) => !isCaught(bug));
say(`${ADAPTER_BUGS.length - missed.length} of ${ADAPTER_BUGS.length} planted bugs caught`);
process.exitCode = missed.length === 0 ? 0 : 1;

function isCaught(bug: PlantedBug): boolean {
  const file = join(copy, bug.file);
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace(bug.find, () => bug.put),
  );
  const caught = !isGreen();
  writeFileSync(file, text);
  say(`${caught ? 'caught' : 'MISSED'}  ${bug.name}`);
  return caught;
}

function isGreen(): boolean {
  const files = ['in-memory-task-repository', 'knex-task-repository', 'task-row'].map(
    (name) => `test/infrastructure/${name}`,
  );
  const { status } = spawnSync('npx', ['vitest', 'run', '--bail=1', ...files], { cwd: copy, stdio: 'ignore' });
  return status === 0;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
