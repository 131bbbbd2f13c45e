import { type DataSetSize, SIZES } from '../database/data-set.ts';
import { ClosedLoop } from './closed-loop.ts';
import { type Cursor, walkToDeepestPage } from './cursors.ts';
import type { Job, Measured, Order, Report } from './job.ts';
import { OpenLoop } from './open-loop.ts';
import { random } from './random.ts';
import { NEED_CURSORS, WORKLOADS } from './workloads.ts';
import { WrittenTasks } from './written-tasks.ts';

// A process of its own, so that its CPU time is measured separately.
let size: DataSetSize = SIZES.check;
let written = new WrittenTasks(size);
const known = new Map<string, readonly Cursor[]>();

async function cursorsFor({ target, port, workload }: Job): Promise<readonly Cursor[]> {
  if (!NEED_CURSORS.includes(workload)) return [];
  const key = `${target} ${size.big}`;
  const cursors = known.get(key) ?? (await walkToDeepestPage(port, size));
  known.set(key, cursors);
  return cursors;
}

async function run(job: Job): Promise<Measured> {
  const source = { size, written, random: random(job.seed), cursors: await cursorsFor(job) };
  const next = () => WORKLOADS[job.workload](source);
  const { rate } = job;
  const loop = rate === undefined ? new ClosedLoop(job, next) : new OpenLoop({ ...job, rate }, next);
  return loop.measure();
}

const send = (report: Report): void => void process.send?.(report);

process.on('message', async (order: Order) => {
  if (order.kind === 'reset') {
    size = order.size;
    written = new WrittenTasks(size);
    return send({ kind: 'ready' });
  }
  await run(order).then(
    (measured) => send({ kind: 'measured', measured }),
    (error: Error) => send({ kind: 'failed', message: error.message }),
  );
});
process.on('disconnect', () => process.exit());
