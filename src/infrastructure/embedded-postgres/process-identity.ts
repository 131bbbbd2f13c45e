import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * Tells a process from a later one that was given the same number: when it started, as the system tells it.
 * `undefined` when no such process is alive; one that has ended and is only waiting to be reaped is not.
 */
export function processIdentity(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined;
  }
  try {
    return process.platform === 'linux' ? identityOnLinux(pid) : identityElsewhere(pid);
  } catch {
    return undefined;
  }
}

/** The name of the program that a process runs; `undefined` where it cannot be told. */
export function programOf(pid: number): string | undefined {
  if (process.platform === 'win32') return undefined;
  try {
    const name = process.platform === 'linux' ? readFileSync(`/proc/${pid}/comm`, 'utf8') : ps('comm', pid);
    return basename(name.trim());
  } catch {
    return undefined;
  }
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: field 3 is the state, field 22 the start in clock ticks. */
function identityOnLinux(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z') return undefined;
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`;
}

const identityElsewhere = (pid: number): string => (process.platform === 'win32' ? 'alive' : ps('lstart', pid).trim());

const ps = (field: string, pid: number): string =>
  execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], { encoding: 'utf8' });
