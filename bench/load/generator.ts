import type { Revision, TaskId, UserId } from '../../src/domain/ids.ts';
import { encodeCursor } from '../../src/interfaces/http/cursor.ts';
import { type DataSetSize, SIZES, storedTask } from '../database/data-set.ts';
import { cursorOf } from '../peers/contract/lists.ts';
import { ClosedLoop } from './closed-loop.ts';
import type { Job, Measured, Order, Report } from './job.ts';
import { OpenLoop } from './open-loop.ts';
import { random } from './random.ts';
import { WORKLOADS } from './workloads.ts';
import { WrittenTasks } from './written-tasks.ts';

// A process of its own, so that it can be told from what it measures. It ends with the one that started it.
let size: DataSetSize = SIZES.check;
let written = new WrittenTasks(size);

const SCOPE = {
  deleted: false,
  completed: undefined,
  text: undefined,
  orderBy: 'createdAt',
  descending: true,
} as const;

function cursorBefore(cursors: Job['cursors'], owner: number, k: number): string {
  const { id, createdAt, revision, owner: name } = storedTask(owner, k);
  if (cursors === 'peer') return cursorOf({ id, createdAt });
  return encodeCursor({ id: id as TaskId, createdAt, revision: revision as Revision }, name as UserId, SCOPE);
}

function run(job: Job): Promise<Measured> {
  const source = {
    size,
    written,
    random: random(job.seed),
    cursorBefore: (owner: number, k: number) => cursorBefore(job.cursors, owner, k),
  };
  const next = () => WORKLOADS[job.workload](source);
  const { rate } = job;
  const loop = rate === undefined ? new ClosedLoop(job, next) : new OpenLoop({ ...job, rate }, next);
  return loop.measure();
}

const tell = (report: Report): void => void process.send?.(report);

process.on('message', async (order: Order) => {
  if (order.kind === 'reset') {
    size = order.size;
    written = new WrittenTasks(size);
    return tell({ kind: 'ready' });
  }
  await run(order).then(
    (measured) => tell({ kind: 'measured', measured }),
    (error: Error) => tell({ kind: 'failed', message: error.message }),
  );
});
process.on('disconnect', () => process.exit());
