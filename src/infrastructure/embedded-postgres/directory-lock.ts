import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { processIdentity } from './process-identity.ts';

/** Which process owns a data directory: a file that names it, and that counts only while that process lives. */
export class DirectoryLock {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  /** @returns the lock, or the process that holds it */
  static async acquire(file: string): Promise<DirectoryLock | { readonly heldBy: number }> {
    const { pid } = process;
    // Complete before it has its name: whoever finds the file half written would take it for a stale one.
    const draft = `${file}.${randomUUID()}`;
    await writeFile(draft, JSON.stringify({ pid, identity: processIdentity(pid) }));
    try {
      while (!(await linked(draft, file))) {
        const heldBy = await liveHolderOf(file);
        if (heldBy !== undefined) return { heldBy };
        await removeStale(file);
      }
      return new DirectoryLock(file);
    } finally {
      await rm(draft);
    }
  }

  async release(): Promise<void> {
    await rm(this.#file, { force: true });
  }
}

/** @returns whether the name was free */
async function linked(existing: string, name: string): Promise<boolean> {
  try {
    await link(existing, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

async function liveHolderOf(file: string): Promise<number | undefined> {
  try {
    const { pid, identity } = JSON.parse(await readFile(file, 'utf8'));
    return identity !== undefined && processIdentity(pid) === identity ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Between reading and removing, another process may have put its own lock there: that one is put back. */
async function removeStale(file: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await liveHolderOf(aside)) !== undefined) await linked(aside, file);
  await rm(aside);
}
