import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSetSize } from '../database/data-set.ts';
import type { Measured } from '../load/job.ts';
import { processorSeconds } from '../load/process-usage.ts';
import { PGBENCH } from '../targets/targets.ts';
import { outputOf } from './machine.ts';

/** Reads one row of a quiet user by its key. */
const read = ({ quiet, perLarge }: DataSetSize): string => `
\\set n random(1, ${quiet})
\\set k random(1, ${perLarge})
select user_id, id, title, description, completed, completed_at, created_at, updated_at, deleted_at, revision
from tasks
where user_id = 'user-' || lpad((:n)::text, 5, '0')
  and id = (lpad(to_hex(${Date.UTC(2025, 0, 1)} + (:k)::bigint * 1000 + (:n)::int % 1000), 12, '0') || '7' ||
            lpad(to_hex((:k)::int % 4096), 3, '0') || '8' || lpad(to_hex((:n)::int), 15, '0'))::uuid;
`;

/** Creates one task and increments its user's counter in one statement. */
const create = ({ users, quiet }: DataSetSize): string => `
\\set n random(${quiet + 1}, ${users - 1})
with head as (
  insert into task_lists as l (user_id, revision) values ('user-' || lpad((:n)::text, 5, '0'), 1)
  on conflict (user_id) do update set revision = l.revision + 1
  returning user_id, revision)
insert into tasks (user_id, id, title, description, completed, created_at, updated_at, birth_digest, revision)
select user_id, uuidv7(), 'A new task', 'Finish it before the end of the week, and write down what is left', false,
       now(), now(), sha256('A new task'), revision
from head
returning user_id, id, title, description, completed, completed_at, created_at, updated_at, deleted_at, revision;
`;

const SCRIPTS = { read, create } as const;
export type PgbenchWorkload = keyof typeof SCRIPTS;
export const PGBENCH_WORKLOADS = Object.keys(SCRIPTS) as PgbenchWorkload[];

export interface PgbenchRun {
  readonly url: string;
  readonly size: DataSetSize;
  readonly workload: PgbenchWorkload;
  readonly seconds: number;
  readonly postmaster: number | undefined;
}

export const pgbenchVersion = (): Promise<string | undefined> => outputOf('pgbench', '--version');

/** Runs for whole seconds, at least one. */
export async function pgbench({ url, size, workload, seconds, postmaster }: PgbenchRun): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'task-service-pgbench-'));
  try {
    const script = join(folder, 'script.sql');
    await writeFile(script, SCRIPTS[workload](size));
    const before = processorSeconds(postmaster);
    const duration = Math.max(1, Math.round(seconds));
    const output = await run(
      ['-n', '-M', 'prepared', '-c', `${PGBENCH.clients}`, '-j', '2', '-T', `${duration}`, '-f', script],
      url,
    );
    const after = processorSeconds(postmaster);
    return toMeasured(output, before === undefined || after === undefined ? undefined : after - before);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function toMeasured(output: string, postgresSeconds: number | undefined): Measured {
  const number = (pattern: RegExp): number => Number(pattern.exec(output)?.[1] ?? 0);
  const requests = number(/actually processed: (\d+)/);
  const average = Math.round(number(/latency average = ([\d.]+) ms/) * 1_000);
  const postgres =
    postgresSeconds === undefined || requests === 0 ? undefined : Math.round((postgresSeconds * 1e7) / requests) / 10;
  return {
    requests,
    perSecond: number(/tps = ([\d.]+)/),
    errors: number(/failed transactions: (\d+)/),
    problems: requests === 0 ? [output.slice(0, 500)] : [],
    // Without a log, pgbench reports only the average.
    latency: { p50: average, p99: 0, p999: 0 },
    cpu: { program: undefined, postgres, generator: undefined },
    generator: { busy: 0 },
  };
}

function run(args: readonly string[], url: string): Promise<string> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const env = {
    PATH: process.env['PATH'],
    PGHOST: hostname,
    PGPORT: port || '5432',
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: pathname.slice(1),
    PGAPPNAME: 'pgbench',
  };
  return new Promise((resolve, reject) => {
    const child = spawn('pgbench', args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 600_000 });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`pgbench: ${output}`))));
  });
}
