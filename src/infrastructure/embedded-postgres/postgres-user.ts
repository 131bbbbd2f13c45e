import { type ExecFileOptions, execFile } from 'node:child_process';
import { chown, cp, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** A way to run PostgreSQL's programs under a user that they accept: they refuse the superuser. */
export interface PostgresUser {
  run(program: 'initdb' | 'pg_ctl' | 'postgres', args: readonly string[]): Promise<Outcome>;
  /** Makes a file or an empty folder this user's own. */
  own(path: string): Promise<void>;
}

interface Way {
  readonly binaries: string;
  /** What the command is wrapped in. */
  readonly prefix: readonly string[];
  /** Whom the process and its files belong to; `undefined` for whoever runs the service. */
  readonly uid?: number;
  readonly gid?: number;
}

const NOBODY = 65_534;

/** A user namespace in which the superuser is called nobody: no file changes hands, and private folders stay in reach. */
const asNobodyByName = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];

/** @throws {EmbeddedPostgresError} when there is no user under whom PostgreSQL can reach its programs and `dataDir` */
export async function choosePostgresUser(binaries: string, dataDir: string): Promise<PostgresUser> {
  for await (const way of waysToRun(binaries, dataDir)) {
    if (await works(way, dataDir)) return userOf(way);
  }
  throw new EmbeddedPostgresError(
    `PostgreSQL refuses to run as root, and no other user can use ${dataDir}. Put DATA_DIR where others may enter.`,
  );
}

async function* waysToRun(binaries: string, dataDir: string): AsyncGenerator<Way> {
  if (process.getuid?.() !== 0) return yield { binaries, prefix: [] };

  const { uid, gid } = await stat(dataDir);
  if (uid !== 0 && uid !== NOBODY) yield { binaries, prefix: [], uid, gid };
  yield { binaries, prefix: asNobodyByName, uid: 0, gid: 0 };

  const copy = join(dataDir, 'postgres-binaries');
  await cp(binaries, copy, { recursive: true, verbatimSymlinks: true, force: false });
  yield { binaries: copy, prefix: [], uid: NOBODY, gid: NOBODY };
}

async function works(way: Way, dataDir: string): Promise<boolean> {
  const { code } = await execute(way, 'sh', [
    '-c',
    'cd "$1" && exec "$2" --version',
    'sh',
    dataDir,
    programOf(way, 'postgres'),
  ]);
  return code === 0;
}

function userOf(way: Way): PostgresUser {
  return {
    run: (program, args) => execute(way, programOf(way, program), args),
    async own(path) {
      if (way.uid !== undefined && way.gid !== undefined) await chown(path, way.uid, way.gid);
    },
  };
}

const programOf = ({ binaries }: Way, program: string): string => join(binaries, 'bin', program);

function execute({ prefix, uid, gid }: Way, program: string, args: readonly string[]): Promise<Outcome> {
  const [command = program, ...rest] = [...prefix, program, ...args];
  const identity = prefix.length === 0 && uid !== undefined && gid !== undefined ? { uid, gid } : {};
  const options: ExecFileOptions = { ...identity, cwd: '/', env: { PATH: process.env['PATH'], LC_ALL: 'C' } };
  return new Promise((resolve) => {
    execFile(command, rest, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, output: `${stdout}${stderr}`.trim() || (error?.message ?? '') });
    });
  });
}
