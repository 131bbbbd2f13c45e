import { mkdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

export const POSTGRES_MAJOR = 18;

type Machine = Pick<NodeJS.Process, 'platform' | 'arch'>;

/**
 * The folder with PostgreSQL's `bin`, `lib` and `share` for this machine. It comes with the development dependency
 * `embedded-postgres`, of which only the files are used: its own launcher would stop the database on SIGTERM, while
 * requests are still being answered.
 */
export async function findBinaries({ platform: system, arch }: Machine = process): Promise<string> {
  const platform = `${system === 'win32' ? 'windows' : system}-${arch}`;
  if (system === 'linux' && !usesGlibc()) {
    throw new EmbeddedPostgresError('The embedded PostgreSQL needs glibc, which this Linux does not use.');
  }
  const root = packageRoot(platform);
  await restoreLinks(root);
  return join(root, 'native');
}

function usesGlibc(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime !== undefined;
}

function packageRoot(platform: string): string {
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(wrapper).resolve(`@embedded-postgres/${platform}`)), '..');
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `The embedded PostgreSQL is not installed for ${platform}: it comes with the development dependencies, for common platforms.`,
      { cause },
    );
  }
}

/** An npm package cannot hold links; its install script makes them, unless scripts are switched off. */
async function restoreLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links: { source: string; target: string }[] = JSON.parse(list);
  for (const { source, target } of links) {
    const link = join(root, target);
    await mkdir(dirname(link), { recursive: true });
    await symlink(relative(dirname(link), join(root, source)), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}
