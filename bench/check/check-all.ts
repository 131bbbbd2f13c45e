import { closing } from '../closing.ts';
import { BenchDatabase } from '../database/bench-database.ts';
import { SIZES } from '../database/data-set.ts';
import { GeneratorProcess } from '../load/generator-process.ts';
import { GENERATOR } from '../paths.ts';
import { checkTypes, prepare } from '../prepare.ts';
import { COMPARED } from '../targets/compared.ts';
import { TargetProcess } from '../targets/target-process.ts';
import { SERVICE, TARGETS, VARIANTS } from '../targets/targets.ts';
import { ask, differenceOf, type Told } from './alike.ts';
import { PROBES } from './probes.ts';

/** The last owner is left to the probes. */
const UNDER_LOAD = { ...SIZES.check, owners: SIZES.check.owners - 1 };

/** Of one program: where one thing is wrong, much is. */
const SHOWN = 10;

type Say = (line: string) => void;

/** @returns whether every program answers as the service does, and gives no wrong answer under load */
export async function checkAll(say: Say): Promise<boolean> {
  await prepare(say);
  await checkTypes();
  const database = await BenchDatabase.open(SIZES.check, say);
  const generator = new GeneratorProcess(GENERATOR);
  const closeGenerator = closing(() => generator.close());
  try {
    let expected: readonly Told[] | undefined;
    let problems = 0;
    for (const target of [...TARGETS, ...VARIANTS]) {
      await database.restore();
      await generator.reset(UNDER_LOAD);
      const running = await TargetProcess.start(target, { url: database.url, processor: undefined });
      try {
        const told: Told[] = [];
        for (const probe of PROBES) told.push(await ask(running.port, probe));
        if (target === SERVICE) expected = told;
        const faults = [
          ...differences(expected ?? told, told),
          ...(await faultsUnderLoad(running, { database, generator })),
        ];
        say(
          `${target.name}: ${PROBES.length} probes, ${(target.workloads ?? COMPARED).length} workloads, ${faults.length} differences or faults`,
        );
        for (const fault of faults.slice(0, SHOWN)) say(`  ${fault}`);
        problems += faults.length;
      } finally {
        await running.stop();
      }
    }
    return problems === 0;
  } finally {
    await closeGenerator();
    await database.close();
  }
}

const differences = (expected: readonly Told[], told: readonly Told[]): string[] =>
  PROBES.flatMap(({ name }, at) => {
    const [one, other] = [expected[at], told[at]];
    const difference = one && other && differenceOf(one, other);
    return difference === undefined ? [] : [`${name}: ${difference}`];
  });

interface Load {
  readonly database: BenchDatabase;
  readonly generator: GeneratorProcess;
}

/** Each workload for a moment, with every answer read whole. */
async function faultsUnderLoad({ target, port, pid }: TargetProcess, { database, generator }: Load): Promise<string[]> {
  const faults: string[] = [];
  const processes = { program: pid, postmaster: database.server.postmaster };
  for (const workload of target.workloads ?? COMPARED) {
    const job = { port, workload, connections: 8, warmUpSeconds: 0, seconds: 0.2, seed: 1, sampleEvery: 1, processes };
    const { requests, errors, problems } = await generator.run({ ...job, cursors: target.cursors });
    if (errors > 0 || requests === 0)
      faults.push(`${workload}: ${requests} requests, ${errors} faults: ${problems[0]}`);
  }
  return faults;
}
