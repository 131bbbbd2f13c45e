import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSetSize } from '../database/data-set.ts';
import type { Job, Measured, Order, Report } from './job.ts';

/** Time limit of a job in addition to its duration. */
const DEADLINE_MS = 120_000;

/** Handle of the load generator process. */
export class GeneratorProcess {
  readonly #child: ChildProcess;

  /** @param module the compiled generator */
  constructor(module: string) {
    this.#child = fork(module, { env: { PATH: process.env['PATH'] }, execArgv: [] });
  }

  /** Call after the database has been restored. */
  async reset(size: DataSetSize): Promise<void> {
    await this.#send({ kind: 'reset', size }, DEADLINE_MS);
  }

  /** @throws if the measurement fails. Wrong responses are counted instead */
  async run(job: Job): Promise<Measured> {
    const report = await this.#send({ kind: 'run', ...job }, (job.warmUpSeconds + job.seconds) * 1_000 + DEADLINE_MS);
    if (report.kind !== 'measured') throw new Error(report.kind === 'failed' ? report.message : 'Nothing was measured');
    return report.measured;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'close');
  }

  async #send(order: Order, timeoutMs: number): Promise<Report> {
    const timeout = new AbortController();
    const { signal } = timeout;
    const late = sleep(timeoutMs, undefined, { signal }).then(
      () => ['late'],
      () => ['over'],
    );
    const exited = once(this.#child, 'exit', { signal }).then(
      () => ['exited'],
      () => ['over'],
    );
    const received = once(this.#child, 'message', { signal });
    this.#child.send(order);
    const [report] = await Promise.race([received, late, exited]);
    timeout.abort();
    received.catch(() => {});
    if (report === 'late' || report === 'exited')
      throw new Error(report === 'late' ? 'The load generator timed out' : 'The load generator exited');
    return report as Report;
  }
}
