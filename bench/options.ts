import { parseArgs } from 'node:util';
import type { PlanOptions } from './measure/plan.ts';

export const USAGE = `npm run bench [-- options]

  --quick                 a million tasks, less than three minutes: to see whether something has changed much
  --medium                a million tasks, five rounds, about half an hour: what can be told with intervals
  --growth                ten thousand tasks beside ten million: what does more data cost? Heeds --rounds, --minutes,
                          --seconds, --warm-up, --concurrency, --pin, and --tasks N, to try it with fewer than
                          ten million
  --check                 measures nothing: whether peers and service answer alike, and all answers are right
  --report                writes docs/performance.md and its chart from results that are there
  --from FILE             for --report: which results, instead of those of the last full run, or else medium one

  --rounds N              instead of 7, 5 in a medium run, 3 in a quick one
  --minutes N             begins no round that would end later
  --seconds N             of each measurement
  --warm-up N             seconds before each measurement
  --targets A,B           only these of service, textbook, node-http, postgres-js, express, and of
                          service-uncoalesced and service-plain, which a quick run leaves out otherwise
  --workloads A,B         only these
  --concurrency 1,32      instead of 1, 32, 128
  --connections N         to the database, for all programs alike
  --pin N                 runs each program on processor N alone (taskset)
`;

export interface Options {
  readonly command: 'quick' | 'medium' | 'full' | 'growth' | 'check' | 'report' | 'help';
  readonly from: string | undefined;
  readonly plan: PlanOptions;
  /** Of the big database, for what grows. */
  readonly tasks: number | undefined;
}

/** @throws for what it does not know */
export function readOptions(args: readonly string[]): Options {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: flag,
      medium: flag,
      growth: flag,
      check: flag,
      report: flag,
      help: flag,
      from: text,
      rounds: text,
      minutes: text,
      seconds: text,
      'warm-up': text,
      targets: text,
      workloads: text,
      concurrency: text,
      connections: text,
      pin: text,
      tasks: text,
    },
  });
  const commands = (['quick', 'medium', 'growth', 'check', 'report', 'help'] as const).filter((name) => values[name]);
  if (commands.length > 1) throw new Error(`Either of ${commands.map((name) => `--${name}`).join(', ')}`);
  return {
    command: commands[0] ?? 'full',
    from: values.from,
    tasks: numberOf('tasks', values.tasks),
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
    },
  };
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+(\.\d+)?$/.test(text)) throw new Error(`--${name} must be a number`);
  return Number(text);
}
