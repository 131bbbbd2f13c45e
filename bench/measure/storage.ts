import type { BenchDatabase } from '../database/bench-database.ts';
import { type DataSetSize, totalOf } from '../database/data-set.ts';
import { withClient } from '../database/server.ts';
import { type RelationSize, walBytesSince, walPosition } from '../database/sizes.ts';
import { sendBounded } from '../load/bounded.ts';
import type { Exchange } from '../load/exchange.ts';
import { random } from '../load/random.ts';
import { WORKLOADS } from '../load/workloads.ts';
import { WrittenTasks } from '../load/written-tasks.ts';
import { TargetProcess } from '../targets/target-process.ts';
import { SERVICE } from '../targets/targets.ts';

const WRITES = ['create', 'replace', 'complete'] as const;
const CLIENTS = [32, 1] as const;
const COUNT = 1_000;
/** So few users that the warm-up writes each of their tasks once. */
const USERS = 20;

export interface LogWritten {
  readonly workload: (typeof WRITES)[number];
  readonly clients: number;
  readonly writes: number;
  readonly bytesPerWrite: number;
}

export interface Storage {
  readonly tasks: number;
  readonly relations: readonly RelationSize[];
  readonly log: readonly LogWritten[];
  readonly users: number;
}

/** Size of the data set on disk, and WAL bytes per write of the service. */
export async function measureStorage(database: BenchDatabase, size: DataSetSize): Promise<Storage> {
  await database.restore();
  const running = await TargetProcess.start(SERVICE, { url: database.url, processor: undefined });
  try {
    const narrow = narrowed(size);
    const sources = { size: narrow, random: random(1), written: new WrittenTasks(narrow), cursors: [] };
    const log: LogWritten[] = [];
    for (const workload of WRITES) {
      const next = () => WORKLOADS[workload](sources);
      await warmUp(running.port, { url: database.url, count: writableIn(narrow), next });
      for (const clients of CLIENTS)
        log.push(await logOf(running.port, { url: database.url, workload, clients, next }));
    }
    return { tasks: totalOf(size), relations: database.sizes, log, users: USERS };
  } finally {
    await running.stop();
  }
}

const narrowed = (size: DataSetSize): DataSetSize => {
  const large = size.quiet + Math.min(USERS, size.large - size.quiet);
  return { ...size, large, users: large + 1 };
};

const writableIn = ({ large, quiet, perLarge }: DataSetSize): number => (large - quiet) * perLarge;

/**
 * PostgreSQL logs the whole page at its first change after a checkpoint. So each task is written once after the checkpoint and
 * before the measurement. Autovacuum is off meanwhile.
 */
async function warmUp(
  port: number,
  { url, count, next }: { readonly url: string; readonly count: number; readonly next: () => Exchange },
): Promise<void> {
  await withClient(url, async (client) => {
    for (const table of ['tasks', 'task_lists'])
      await client.query(`alter table ${table} set (autovacuum_enabled = false)`);
    await client.query('checkpoint');
  });
  await sendBounded(port, { clients: 32, count }, next);
}

interface Writes {
  readonly url: string;
  readonly workload: LogWritten['workload'];
  readonly clients: number;
  readonly next: () => Exchange;
}

async function logOf(port: number, { url, workload, clients, next }: Writes): Promise<LogWritten> {
  const before = await walPosition(url);
  await sendBounded(port, { clients, count: COUNT }, next);
  return { workload, clients, writes: COUNT, bytesPerWrite: Math.round((await walBytesSince(url, before)) / COUNT) };
}
