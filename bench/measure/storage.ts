import type { BenchDatabase } from '../database/bench-database.ts';
import { type DataSetSize, totalOf } from '../database/data-set.ts';
import { withClient } from '../database/server.ts';
import { type RelationSize, relationSizes, walBytesSince, walPosition } from '../database/sizes.ts';
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
/** So few owners that the warm-up meets each of their tasks once. */
const OWNERS = 20;

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
  readonly owners: number;
}

/** What the data set takes on disk, and what a write of the service adds to the log of PostgreSQL. */
export async function measureStorage(database: BenchDatabase, size: DataSetSize): Promise<Storage> {
  await database.restore();
  const relations = await relationSizes(database.url);
  const running = await TargetProcess.start(SERVICE, { url: database.url, processor: undefined });
  try {
    const narrow = narrowed(size);
    const sources = { size: narrow, random: random(1), written: new WrittenTasks(narrow), cursorBefore: () => '' };
    const log: LogWritten[] = [];
    for (const workload of WRITES) {
      const next = () => WORKLOADS[workload](sources);
      await warmUp(running.port, { url: database.url, count: writableIn(narrow), next });
      for (const clients of CLIENTS)
        log.push(await logOf(running.port, { url: database.url, workload, clients, next }));
    }
    return { tasks: totalOf(size), relations, log, owners: OWNERS };
  } finally {
    await running.stop();
  }
}

const narrowed = (size: DataSetSize): DataSetSize => {
  const large = size.quiet + Math.min(OWNERS, size.large - size.quiet);
  return { ...size, large, owners: large + 1 };
};

const writableIn = ({ large, quiet, perLarge }: DataSetSize): number => (large - quiet) * perLarge;

/**
 * The first change of a page after a checkpoint writes the whole page to the log. So after one, each task is changed once,
 * and what follows finds its pages changed already. No vacuum comes between.
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
