import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { processIdentity } from './process-identity.ts';

interface Holder {
  readonly pid: number;
  readonly identity: string | undefined;
}

/** Which process owns a data directory: a file that names it, and that counts only while that process lives. */
export class DirectoryLock {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  /** @returns the lock, or the process that holds it */
  static async acquire(file: string): Promise<DirectoryLock | { readonly heldBy: number }> {
    const self: Holder = { pid: process.pid, identity: processIdentity(process.pid) };
    for (;;) {
      try {
        await writeFile(file, JSON.stringify(self), { flag: 'wx' });
        return new DirectoryLock(file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = await holderOf(file);
      if (holder !== undefined && isAlive(holder)) return { heldBy: holder.pid };
      await removeStale(file, holder);
    }
  }

  async release(): Promise<void> {
    await rm(this.#file, { force: true });
  }
}

const isAlive = ({ pid, identity }: Holder): boolean => identity !== undefined && processIdentity(pid) === identity;

async function holderOf(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Between reading and removing, another process may have put its own lock there: that one is put back. */
async function removeStale(file: string, stale: Holder | undefined): Promise<void> {
  const aside = `${file}.${process.pid}`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  const moved = await holderOf(aside);
  if (moved !== undefined && isAlive(moved) && moved.pid !== stale?.pid) await rename(aside, file);
  else await rm(aside, { force: true });
}
