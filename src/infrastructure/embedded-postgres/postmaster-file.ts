import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { programOf } from './process-identity.ts';

interface Postmaster {
  readonly pid: number;
  /** Missing while the server is starting. */
  readonly port: number | undefined;
}

const fileIn = (directory: string): string => join(directory, 'postmaster.pid');

/** https://www.postgresql.org/docs/18/storage-file-layout.html: the first line is the process, the fourth the port. */
export async function postmasterOf(directory: string): Promise<Postmaster | undefined> {
  const lines = await readFile(fileIn(directory), 'utf8').catch(() => '');
  const [pid, , , port] = lines.split('\n').map(Number);
  return pid === undefined || !(pid > 0) ? undefined : { pid, port: port !== undefined && port > 0 ? port : undefined };
}

/**
 * PostgreSQL does not start while any process has the number that a crashed server left in its file. In a container
 * that is restarted, where numbers are small and come again, that may be for ever.
 */
export async function forgetRecycledPostmaster(directory: string): Promise<void> {
  const postmaster = await postmasterOf(directory);
  if (postmaster === undefined) return;
  const program = programOf(postmaster.pid);
  if (program !== undefined && program !== 'postgres') await rm(fileIn(directory), { force: true });
}
