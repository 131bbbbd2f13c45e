import { parseArgs } from 'node:util';
import type { PlanOptions } from './measure/plan.ts';

export const USAGE = `npm run bench [-- options]

Commands (without one: a full run, ten million tasks, hours)
  --quick                 a million tasks, less than three minutes: detects large changes
  --medium                a million tasks, 8 rounds, about half an hour: the goals, with intervals
  --growth                compares ten thousand tasks with ten million, less than an hour
  --unfair                measures other users while one user causes an unfair load, about five minutes
  --check                 checks that all programs respond alike, and correctly under load
  --report                writes docs/performance.md, its tables and its chart from the stored results

Options
  --before DIR            also measures another built checkout of the service
  --rounds N              number of rounds (quick 3, medium 8, full 12, growth 7, unfair 1)
  --minutes N             starts no round that would end later
  --seconds N             duration of each measurement
  --warm-up N             seconds of warm-up before each measurement
  --targets A,B           only these of service, before, textbook, node-http
  --workloads A,B         only these workloads
  --concurrency 1,32      these numbers of clients for every workload
  --connections N         maximum database connections of every program (default 10, at least 5)
  --pin N                 runs each program on CPU N only (taskset)
  --tasks N               for --growth: size of the big database
  --scenarios A,B         for --unfair: only these scenarios
  --from FILE             for --report: results file instead of the last full or medium run
`;

const COMMANDS = ['quick', 'medium', 'growth', 'unfair', 'check', 'report', 'help'] as const;

export interface Options {
  readonly command: (typeof COMMANDS)[number] | 'full';
  readonly from: string | undefined;
  readonly plan: PlanOptions;
  /** Size of the big database, for `--growth`. */
  readonly tasks: number | undefined;
  readonly scenarios: readonly string[] | undefined;
}

/** @throws for an unknown option */
export function readOptions(args: readonly string[]): Options {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: flag,
      medium: flag,
      growth: flag,
      unfair: flag,
      check: flag,
      report: flag,
      help: flag,
      before: text,
      from: text,
      rounds: text,
      minutes: text,
      seconds: text,
      'warm-up': text,
      targets: text,
      workloads: text,
      scenarios: text,
      concurrency: text,
      connections: text,
      pin: text,
      tasks: text,
    },
  });
  const commands = COMMANDS.filter((name) => values[name]);
  if (commands.length > 1) throw new Error(`Use only one of ${commands.map((name) => `--${name}`).join(', ')}`);
  return {
    command: commands[0] ?? 'full',
    from: values.from,
    tasks: numberOf('tasks', values.tasks),
    scenarios: values.scenarios?.split(','),
    plan: {
      rounds: numberOf('rounds', values.rounds),
      minutes: numberOf('minutes', values.minutes),
      seconds: numberOf('seconds', values.seconds),
      warmUpSeconds: numberOf('warm-up', values['warm-up']),
      targets: values.targets?.split(','),
      workloads: values.workloads?.split(','),
      concurrencies: values.concurrency?.split(',').map((one) => numberOf('concurrency', one) ?? 1),
      connections: numberOf('connections', values.connections),
      processor: numberOf('pin', values.pin),
      before: values.before,
    },
  };
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+(\.\d+)?$/.test(text)) throw new Error(`--${name} must be a number`);
  return Number(text);
}
