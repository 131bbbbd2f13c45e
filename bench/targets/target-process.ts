import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from './targets.ts';

const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 5_000;

export interface StartOptions {
  readonly url: string;
  /** Number of the only processor to use. `undefined` for all. */
  readonly processor: number | undefined;
}

/** A program under test in its own process. Its log goes to `/dev/null`. */
export class TargetProcess {
  readonly target: Target;
  readonly port: number;
  readonly pid: number;
  readonly #child: ChildProcess;

  private constructor(target: Target, child: ChildProcess, port: number) {
    this.target = target;
    this.#child = child;
    this.port = port;
    this.pid = child.pid ?? Number.NaN;
  }

  static async start(target: Target, { url, processor }: StartOptions): Promise<TargetProcess> {
    const command = ['node', target.module];
    const [program = '', ...args] = processor === undefined ? command : ['taskset', '-c', `${processor}`, ...command];
    const child = spawn(program, args, {
      // A directory without a .env file.
      cwd: tmpdir(),
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'production',
        DATABASE_URL: urlFor(target.name, url),
        DATABASE_POOL_MAX: String(target.connections),
        STORAGE: 'postgres',
        LOG_LEVEL: 'info',
        HOST: '127.0.0.1',
        PORT: '0',
        SHUTDOWN_DELAY_MS: '0',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const kill = () => void child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('close', () => process.removeListener('exit', kill));
    try {
      return new TargetProcess(target, child, await portOf(child));
    } catch (error) {
      child.kill('SIGKILL');
      throw new Error(`Cannot start ${target.name}: ${(error as Error).message}`);
    }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    const timeout = new AbortController();
    const late = sleep(STOP_DEADLINE_MS, 'late', { signal: timeout.signal }).catch(() => undefined);
    if ((await Promise.race([closed, late])) === 'late') this.#child.kill('SIGKILL');
    timeout.abort();
    await closed;
  }
}

function urlFor(applicationName: string, database: string): string {
  const url = new URL(database);
  url.searchParams.set('application_name', applicationName);
  return url.href;
}

/** Waits for the URL that the program prints, and then until it is ready. */
async function portOf(child: ChildProcess): Promise<number> {
  const deadline = performance.now() + START_DEADLINE_MS;
  let output = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.on('error', ({ message }) => {
    output += message;
  });
  while (performance.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const port = Number(/http:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[1]);
    if (port > 0 && (await isReady(port))) return port;
    await sleep(20);
  }
  throw new Error(output || 'no output');
}

/** Peers have no `/readyz` and return 404. */
const isReady = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ status }) => status < 500,
    () => false,
  );
