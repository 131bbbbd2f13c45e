import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from './targets.ts';

const START_PATIENCE_MS = 30_000;
const STOP_PATIENCE_MS = 5_000;

export interface StartOptions {
  readonly url: string;
  /** The one processor on which it may run; `undefined` for any. */
  readonly processor: number | undefined;
}

/** A program under test in a process of its own, as in production; its log goes where it costs nothing to keep. */
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
      // Where there is no .env.
      cwd: tmpdir(),
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'production',
        DATABASE_URL: urlFor(target, url),
        DATABASE_POOL_MAX: String(target.connections),
        STORAGE: 'postgres',
        LOG_LEVEL: 'info',
        HOST: '127.0.0.1',
        PORT: '0',
        SHUTDOWN_DELAY_MS: '0',
        ...target.environment,
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
      throw new Error(`${target.name} does not start: ${(error as Error).message}`);
    }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    const patience = new AbortController();
    const late = sleep(STOP_PATIENCE_MS, 'late', { signal: patience.signal }).catch(() => undefined);
    if ((await Promise.race([closed, late])) === 'late') this.#child.kill('SIGKILL');
    patience.abort();
    await closed;
  }
}

/** What a URL says comes before the name that the service gives its connections, which its variants would share. */
function urlFor({ environment, applicationName }: Target, database: string): string {
  const url = new URL(database);
  if (environment !== undefined) url.searchParams.set('application_name', applicationName);
  return url.href;
}

/** What it tells people when it serves. */
function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let told = '';
    const patience = setTimeout(() => reject(new Error(`it is late. ${told}`)), START_PATIENCE_MS);
    const settle = () => clearTimeout(patience);
    child.on('error', reject).on('exit', () => {
      settle();
      reject(new Error(told));
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      told += text;
      const [, port] = /served on http:\/\/127\.0\.0\.1:(\d+)\s/.exec(told) ?? [];
      if (port === undefined || told.includes('NOT READY')) return;
      settle();
      resolve(Number(port));
    });
  });
}
