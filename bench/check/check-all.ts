import { closing } from '../closing.ts';
import { BenchDatabase } from '../database/bench-database.ts';
import { SIZES } from '../database/data-set.ts';
import { GeneratorProcess } from '../load/generator-process.ts';
import { GENERATOR } from '../paths.ts';
import { checkTypes, prepare } from '../prepare.ts';
import { TargetProcess } from '../targets/target-process.ts';
import { SERVICE, TARGETS } from '../targets/targets.ts';
import { differenceOf, type Observed, send } from './alike.ts';
import { PROBES } from './probes.ts';

/** Leaves the last user to the probes. */
const UNDER_LOAD = { ...SIZES.check, users: SIZES.check.users - 1 };

const MAX_SHOWN = 10;

type Say = (line: string) => void;

/** @returns whether every program responds as the service does, and correctly under load */
export async function checkAll(say: Say): Promise<boolean> {
  await prepare(say);
  await checkTypes();
  const database = await BenchDatabase.open(SIZES.check, say);
  const generator = new GeneratorProcess(GENERATOR);
  const closeGenerator = closing(() => generator.close());
  try {
    let expected: readonly Observed[] | undefined;
    let count = 0;
    for (const target of TARGETS) {
      await database.restore();
      await generator.reset(UNDER_LOAD);
      const running = await TargetProcess.start(target, { url: database.url, processor: undefined });
      try {
        const observed: Observed[] = [];
        for (const probe of PROBES) observed.push(await send(running.port, probe));
        if (target === SERVICE) expected = observed;
        const problems = [
          ...differences(expected ?? observed, observed),
          ...(await problemsUnderLoad(running, { database, generator })),
        ];
        say(
          `${target.name}: ${PROBES.length} probes, ${target.workloads.length} workloads, ${problems.length} problems`,
        );
        for (const problem of problems.slice(0, MAX_SHOWN)) say(`  ${problem}`);
        count += problems.length;
      } finally {
        await running.stop();
      }
    }
    return count === 0;
  } finally {
    await closeGenerator();
    await database.close();
  }
}

const differences = (expected: readonly Observed[], observed: readonly Observed[]): string[] =>
  PROBES.flatMap(({ name }, at) => {
    const [one, other] = [expected[at], observed[at]];
    const difference = one && other && differenceOf(one, other);
    return difference === undefined ? [] : [`${name}: ${difference}`];
  });

interface Load {
  readonly database: BenchDatabase;
  readonly generator: GeneratorProcess;
}

/** Runs each workload briefly and checks every response completely. */
async function problemsUnderLoad(running: TargetProcess, { database, generator }: Load): Promise<string[]> {
  const { target, port, pid } = running;
  const found: string[] = [];
  const processes = { program: pid, postmaster: database.server.postmaster };
  for (const workload of target.workloads) {
    const { requests, errors, problems } = await generator.run({
      port,
      workload,
      connections: 8,
      warmUpSeconds: 0,
      seconds: 0.2,
      seed: 1,
      sampleEvery: 1,
      target: target.name,
      processes,
    });
    if (errors > 0 || requests === 0)
      found.push(`${workload}: ${requests} requests, ${errors} wrong responses: ${problems[0]}`);
  }
  return found;
}
