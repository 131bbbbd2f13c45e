import { spawn } from 'node:child_process';
import { cp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** A way to run PostgreSQL's programs under a user that they accept: they refuse the superuser. */
export interface PostgresUser {
  run(program: 'initdb' | 'pg_ctl' | 'postgres', args: readonly string[]): Promise<Outcome>;
  /** Makes a file, or a folder with all that is in it, this user's own. */
  own(path: string): Promise<void>;
}

interface Identity {
  readonly uid: number;
  readonly gid: number;
}

interface Way {
  readonly binaries: string;
  /** What the command is wrapped in. */
  readonly prefix: readonly string[];
  /** Whom the process and its files belong to; `undefined` for whoever runs the service. */
  readonly owner?: Identity;
}

const ROOT: Identity = { uid: 0, gid: 0 };
const NOBODY: Identity = { uid: 65_534, gid: 65_534 };

/**
 * A user namespace in which whoever runs the command is called nobody: so the superuser is none, and a user without an
 * entry in the system's list has one. No file changes hands, and private folders stay in reach.
 */
const asNobodyByName = ['unshare', '--user', `--map-user=${NOBODY.uid}`, `--map-group=${NOBODY.gid}`];

/**
 * @param directory where the database is, or will be
 * @throws {EmbeddedPostgresError} when there is no user under whom PostgreSQL can reach its programs and `directory`
 */
export async function choosePostgresUser(binaries: string, directory: string): Promise<PostgresUser> {
  const dataDir = dirname(directory);
  let obstacle = '';
  for await (const way of waysToRun(binaries, directory)) {
    const { code, output } = await tryOut(way, dataDir);
    if (code === 0) return userOf(way);
    obstacle = output;
  }
  throw new EmbeddedPostgresError(
    process.getuid?.() === 0
      ? `PostgreSQL refuses to run as root, and no other user can use ${dataDir}. Put DATA_DIR where others may enter.`
      : `PostgreSQL cannot be run by this user: ${obstacle}.`,
  );
}

/** Whoever owns the data goes on with it: an ordinary user's stay that user's when root starts the service. */
async function* waysToRun(binaries: string, directory: string): AsyncGenerator<Way> {
  if (process.getuid?.() !== 0) {
    yield { binaries, prefix: [] };
    return yield { binaries, prefix: asNobodyByName };
  }
  const { uid, gid } = await stat(directory).catch(() => stat(dirname(directory)));
  if (uid === 0) yield { binaries, prefix: asNobodyByName, owner: ROOT };
  else yield* waysOf({ uid, gid }, binaries, directory);
  yield* waysOf(NOBODY, binaries, directory);
}

async function* waysOf(owner: Identity, binaries: string, directory: string): AsyncGenerator<Way> {
  yield { binaries, prefix: [], owner };
  yield { binaries, prefix: asNobodyByName, owner };
  const { code } = await execute(['sh', '-c', 'cd "$1" && id -un', 'sh', dirname(directory)], owner);
  if (code === 0) yield { binaries: await copyFor(owner, binaries, `${directory}.binaries`), prefix: [], owner };
}

/** For a user who cannot reach the programs where they are. Complete before it has its name. */
async function copyFor(owner: Identity, binaries: string, copy: string): Promise<string> {
  if (await stat(copy).catch(() => undefined)) return copy;
  const unfinished = `${copy}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await cp(binaries, unfinished, { recursive: true, verbatimSymlinks: true });
  await giveTo(owner, unfinished);
  await rename(unfinished, copy);
  return copy;
}

/** `initdb` asks for the name of its user. */
function tryOut(way: Way, dataDir: string): Promise<Outcome> {
  const script = 'cd "$1" && id -un && exec "$2" --version';
  return runAs(way, ['sh', '-c', script, 'sh', dataDir, programOf(way, 'postgres')]);
}

function userOf(way: Way): PostgresUser {
  return {
    run: (program, args) => runAs(way, [programOf(way, program), ...args]),
    async own(path) {
      if (way.owner !== undefined) await giveTo(way.owner, path);
    },
  };
}

async function giveTo({ uid, gid }: Identity, path: string): Promise<void> {
  await execute(['chown', '-R', `${uid}:${gid}`, path]);
}

const programOf = ({ binaries }: Way, program: string): string => join(binaries, 'bin', program);

const runAs = ({ prefix, owner }: Way, command: readonly string[]): Promise<Outcome> =>
  execute([...prefix, ...command], owner === ROOT ? undefined : owner);

/** Detached, so that a Ctrl-C in the terminal reaches the service alone: it stops the database when it is time to. */
function execute([program = '', ...args]: readonly string[], identity?: Identity): Promise<Outcome> {
  const env = { PATH: process.env['PATH'], LC_ALL: 'C' };
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      ...identity,
      cwd: '/',
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output: output.trim() }));
  });
}
