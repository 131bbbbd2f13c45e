import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, vi } from 'vitest';

const folders: string[] = [];

/** A folder for an embedded database, removed after the last test of the file together with what still runs on it. */
export async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'task-service-data-'));
  folders.push(folder);
  // As a folder that a person makes: the superuser's PostgreSQL may have to run as somebody else.
  await chmod(folder, 0o755);
  return folder;
}

/** The processes that work on a folder, by their command lines; not their children, which share it until they are set up. */
export function processesOn(folder: string): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const found = lines.filter((line) => line.includes(folder)).map((line) => line.trim().split(/\s+/).map(Number));
  const ids = new Set(found.map(([pid]) => pid));
  return found.flatMap(([pid = 0, parent]) => (ids.has(parent) ? [] : [pid]));
}

export async function endProcessesOn(folder: string, signal: NodeJS.Signals): Promise<void> {
  for (const pid of processesOn(folder)) process.kill(pid, signal);
  await vi.waitFor(() => {
    if (processesOn(folder).length > 0) throw new Error(`Something still runs on ${folder}`);
  }, 10_000);
}

afterAll(async () => {
  for (const folder of folders) {
    // Unlike after SIGKILL, a server that is told to quit leaves no shared memory behind.
    await endProcessesOn(folder, 'SIGQUIT');
    await rm(folder, { recursive: true, force: true });
  }
});
