import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Outcomes } from './clients.ts';
import { type LoadContext, SCENARIOS } from './scenarios.ts';

export interface LoadJob extends Omit<LoadContext, 'endAt'> {
  readonly scenario: string;
  readonly seconds: number;
}

/** Time limit in addition to the duration of the load, longer than any request may take. */
const DEADLINE_MS = 30_000;

/** Runs the load of a scenario in its own process, so that it does not delay the requests that are measured. */
export async function runLoad(job: LoadJob): Promise<Outcomes> {
  const child: ChildProcess = fork(fileURLToPath(import.meta.url));
  const exited = new AbortController();
  child.once('exit', () => exited.abort());
  const timeout = setTimeout(() => child.kill('SIGKILL'), job.seconds * 1_000 + DEADLINE_MS);
  try {
    child.send(job);
    const [outcomes] = await once(child, 'message', { signal: exited.signal });
    return outcomes as Outcomes;
  } catch {
    throw new Error(`The load ${job.scenario} failed`);
  } finally {
    clearTimeout(timeout);
    child.kill('SIGKILL');
  }
}

async function run({ scenario, seconds, ...context }: LoadJob): Promise<void> {
  const endAt = performance.now() + seconds * 1_000;
  const outcomes = await SCENARIOS.find(({ name }) => name === scenario)?.load({ ...context, endAt });
  process.send?.(outcomes);
}

if (process.send !== undefined && process.argv[1] === fileURLToPath(import.meta.url)) {
  process.once('message', (job: LoadJob) => void run(job));
  process.on('disconnect', () => process.exit());
}
