import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADAPTER_BUGS, type PlantedBug } from './adapter-bugs.ts';
import { DATABASE_BUGS } from './database-bugs.ts';
import { DOOR_BUGS } from './door-bugs.ts';
import { RELIABILITY_BUGS } from './reliability-bugs.ts';

interface Suite {
  readonly name: string;
  readonly bugs: readonly PlantedBug[];
  readonly tests: readonly string[];
}

const SUITES: readonly Suite[] = [
  {
    name: 'adapters',
    bugs: ADAPTER_BUGS,
    tests: ['in-memory-task-repository', 'knex-task-repository', 'task-row', 'batch-statements'].map(
      (name) => `test/infrastructure/${name}`,
    ),
  },
  { name: 'database', bugs: DATABASE_BUGS, tests: [] },
  { name: 'door', bugs: DOOR_BUGS, tests: ['--project=unit', 'test/reliability', 'test/interfaces/http'] },
  { name: 'reliability', bugs: RELIABILITY_BUGS, tests: [] },
];

/**
 * Plants each bug into a copy of the tree and expects the tests that it concerns to turn red: `npm run test:planted`, with
 * the names of suites if not all are wanted. A suite that a classic mistake gets past is not worth its green.
 */
const named = process.argv.slice(2);
const suites = SUITES.filter(({ name }) => named.length === 0 || named.includes(name));
const project = join(import.meta.dirname, '../..');
const copy = mkdtempSync(join(tmpdir(), 'planted-bugs-'));
process.once('exit', () => rmSync(copy, { recursive: true, force: true }));

for (const entry of [
  'src',
  'migrations',
  'test',
  'docs',
  'openapi.json',
  'clients',
  'package.json',
  'knexfile.ts',
  'vitest.config.ts',
  'tsconfig.json',
  'tsconfig.build.json',
]) {
  cpSync(join(project, entry), join(copy, entry), { recursive: true });
}
symlinkSync(join(project, 'node_modules'), join(copy, 'node_modules'));

for (const { name, file, find } of suites.flatMap(({ bugs }) => bugs)) {
  const places = readFileSync(join(copy, file), 'utf8').split(find).length - 1;
  if (places !== 1) throw new Error(`What "${name}" would change stands ${places} times in ${file}`);
}

for (const { name, bugs, tests } of suites) {
  const greens = new Set(bugs.map((bug) => (bug.tests ?? tests).join(' ')));
  for (const green of greens) {
    if (!isGreen(green.split(' '))) throw new Error(`It must be green before a bug is planted: ${green}`);
  }
  const missed = bugs.filter((bug) => !isCaught(bug, bug.tests ?? tests));
  say(`${bugs.length - missed.length} of ${bugs.length} planted bugs of the ${name} caught`);
  if (missed.length > 0) process.exitCode = 1;
}

function isCaught(bug: PlantedBug, tests: readonly string[]): boolean {
  const file = join(copy, bug.file);
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace(bug.find, () => bug.put),
  );
  const caught = !isGreen(tests);
  writeFileSync(file, text);
  say(`${caught ? 'caught' : 'MISSED'}  ${bug.name}`);
  return caught;
}

function isGreen(tests: readonly string[]): boolean {
  // Who is interrupted leaves its clusters running, so that the harness is let go to its end.
  const bail = tests.includes('--project=reliability*') ? [] : ['--bail=1'];
  const { status } = spawnSync('npx', ['vitest', 'run', ...bail, ...tests], { cwd: copy, stdio: 'ignore' });
  return status === 0;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
