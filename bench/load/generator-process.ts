import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSetSize } from '../database/data-set.ts';
import type { Job, Measured, Order, Report } from './job.ts';

/** What a job may take beyond its time: to connect, and for its last answers. */
const PATIENCE_MS = 30_000;

/** The process that sends the requests, seen from the one that tells it which. */
export class GeneratorProcess {
  readonly #child: ChildProcess;

  /** @param module the compiled generator */
  constructor(module: string) {
    this.#child = fork(module, { env: { PATH: process.env['PATH'] }, execArgv: [] });
  }

  /** The database is as it was loaded. */
  async reset(size: DataSetSize): Promise<void> {
    await this.#ask({ kind: 'reset', size }, PATIENCE_MS);
  }

  /** @throws when nothing could be measured; wrong answers are counted instead */
  async run(job: Job): Promise<Measured> {
    const report = await this.#ask({ kind: 'run', ...job }, (job.warmUpSeconds + job.seconds) * 1_000 + PATIENCE_MS);
    if (report.kind !== 'measured') throw new Error(report.kind === 'failed' ? report.message : 'Nothing was measured');
    return report.measured;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'close');
  }

  async #ask(order: Order, patienceMs: number): Promise<Report> {
    const patience = new AbortController();
    const { signal } = patience;
    const late = sleep(patienceMs, undefined, { signal }).then(
      () => ['late'],
      () => ['over'],
    );
    const ended = once(this.#child, 'exit', { signal }).then(
      () => ['ended'],
      () => ['over'],
    );
    const answered = once(this.#child, 'message', { signal });
    this.#child.send(order);
    const [report] = await Promise.race([answered, late, ended]);
    patience.abort();
    answered.catch(() => {});
    if (report === 'late' || report === 'ended') throw new Error(`The load generator is ${report}`);
    return report as Report;
  }
}
