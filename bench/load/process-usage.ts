import { readFileSync } from 'node:fs';

/** Linux counts the time of processes in hundredths of a second, whatever its own clock does (`sysconf(_SC_CLK_TCK)`). */
const TICKS_PER_SECOND = 100;

interface Times {
  readonly own: number;
  /** Of children that have exited. */
  readonly ended: number;
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: fields 14 to 17. */
function timesOf(pid: number): Times | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = (at: number): number => Number(fields[at - 3]);
    return { own: ticks(14) + ticks(15), ended: ticks(16) + ticks(17) };
  } catch {
    return undefined;
  }
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** CPU seconds of a process and its children. @returns `undefined` without `/proc` */
export function processorSeconds(pid: number | undefined): number | undefined {
  const times = pid === undefined ? undefined : timesOf(pid);
  if (pid === undefined || times === undefined) return undefined;
  const children = childrenOf(pid).reduce((sum, child) => {
    const of = timesOf(child);
    return sum + (of === undefined ? 0 : of.own + of.ended);
  }, 0);
  return (times.own + times.ended + children) / TICKS_PER_SECOND;
}

/** Resident memory in MiB. */
export function residentMebibytes(pid: number): number | undefined {
  try {
    const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
    return kibibytes === undefined ? undefined : Math.round(Number(kibibytes) / 1024);
  } catch {
    return undefined;
  }
}
