import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, inject } from 'vitest';
import { SettingsSchema } from '../../src/infrastructure/settings.ts';

export const SERVICE = ['node', join(inject('buildFolder'), 'src/interfaces/http/main.js')];
export const COMMANDS = ['node', join(inject('buildFolder'), 'src/interfaces/cli/main.js')];
export const MIGRATE = [...COMMANDS, 'migrate'];

/** Set to nothing, so that neither the environment of the tests nor an `.env` of the developer's counts. */
const UNSET = Object.fromEntries(Object.keys(SettingsSchema.properties).map((name) => [name, '']));

/** On any free port, and without waiting for load balancers. */
const AT_ONCE = { PORT: '0', SHUTDOWN_DELAY_MS: '0' };

const started: ProgramProcess[] = [];

/** A program of the project in a process of its own, which does not outlive the test file. */
export class ProgramProcess {
  stdout = '';
  stderr = '';
  readonly #child: ChildProcess;
  /** The exit code, or the signal that ended it; all output has arrived by then. */
  readonly exit: Promise<number | NodeJS.Signals>;

  constructor([program = '', ...args]: readonly string[], environment: NodeJS.ProcessEnv, options: SpawnOptions = {}) {
    this.#child = spawn(program, args, {
      cwd: fileURLToPath(new URL('../../', import.meta.url)),
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...UNSET, ...AT_ONCE, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      // In a group of its own: to be signalled as a terminal does, and to be ended with all its children.
      detached: true,
      ...options,
    });
    started.push(this);
    this.#child.stdout?.setEncoding('utf8').on('data', (text) => {
      this.stdout += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text) => {
      this.stderr += text;
    });
    this.exit = once(this.#child, 'close').then(([code, signal]) => code ?? signal);
  }

  get pid(): number {
    return this.#child.pid ?? Number.NaN;
  }

  /** What it told people, line by line. */
  get messages(): string[] {
    return this.stderr.split('\n').filter((line) => line !== '');
  }

  /** @returns how it ended */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals> {
    this.#child.kill(signal);
    return this.exit;
  }

  /** As a terminal does: every process of the group gets the signal. */
  stopGroup(signal: NodeJS.Signals): Promise<number | NodeJS.Signals> {
    process.kill(-this.pid, signal);
    return this.exit;
  }

  /** @returns the first match in what it tells people, as soon as it is there */
  async told(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.stderr);
      if (match !== null) return match;
      const more = once(this.#child.stderr as Readable, 'data').then(() => undefined);
      const end = await Promise.race([more, this.exit]);
      if (end !== undefined) throw new Error(`The process ended with ${end}:\n${this.stderr}${this.stdout}`);
    }
  }

  /** Together with its children; without complaint when they are gone already. */
  async end(): Promise<void> {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {}
    await this.exit;
  }
}

export interface RunningService extends ProgramProcess {
  readonly baseUrl: string;
}

/** Starts the service and waits until it serves. */
export async function startService(
  environment: NodeJS.ProcessEnv,
  { command = SERVICE, ...options }: SpawnOptions & { command?: readonly string[] } = {},
): Promise<RunningService> {
  const service = new ProgramProcess(command, environment, options);
  const [, baseUrl] = await service.told(/served on (http:\S+)\n/);
  return Object.assign(service, { baseUrl: String(baseUrl) });
}

/** Runs a command to its end. */
export async function run(command: readonly string[], environment: NodeJS.ProcessEnv) {
  const program = new ProgramProcess(command, environment);
  const code = await program.exit;
  const { stdout, stderr, messages } = program;
  return { code, stdout, stderr, messages };
}

afterAll(() => Promise.all(started.map((program) => program.end())));
