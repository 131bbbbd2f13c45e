import { closing } from '../closing.ts';
import { totalOf } from '../database/data-set.ts';
import { GrowthDatabases } from '../database/growth-databases.ts';
import { deepestPage } from '../load/cursors.ts';
import { GeneratorProcess } from '../load/generator-process.ts';
import { GENERATOR } from '../paths.ts';
import { prepare } from '../prepare.ts';
import { growthOf } from '../report/growth-table.ts';
import type { GrowthPlan } from './growth-plan.ts';
import type { GrowthCell, GrowthResults, Memory } from './growth-results.ts';
import { GrowthRound } from './growth-round.ts';
import { commit, machine } from './machine.ts';
import { writeResults } from './results-file.ts';
import { versions } from './versions.ts';

/** @returns the report and the number of wrong or missing responses */
export async function measureGrowth(plan: GrowthPlan, say: (line: string) => void) {
  const began = performance.now();
  const minutes = () => (performance.now() - began) / 60_000;
  const report = (line: string) => say(`${minutes().toFixed(1)} min: ${line}`);
  const skipped: string[] = [];
  const builtFrom = await commit();
  await prepare(report);
  const databases = await GrowthDatabases.open(plan.big, report);
  const generator = new GeneratorProcess(GENERATOR);
  const closeGenerator = closing(() => generator.close());
  try {
    if (!(await databases.warm()))
      skipped.push('the big database was not read into memory first: pg_prewarm is missing');
    const cells: GrowthCell[] = [];
    const memory: Memory[] = [];
    let rounds = 0;
    for (let longest = 0; rounds < plan.rounds; rounds++) {
      if (rounds > 0 && minutes() + longest > plan.minutes) {
        skipped.push(`${plan.rounds - rounds} of ${plan.rounds} rounds, because of the time limit`);
        break;
      }
      const before = minutes();
      const round = await new GrowthRound({ plan, databases, generator, report }, rounds).measure();
      cells.push(...round.cells);
      memory.push(...round.memory);
      longest = Math.max(longest, minutes() - before);
    }
    const { small, big } = databases.sizes;
    const results: GrowthResults = {
      kind: 'growth',
      date: new Date().toISOString(),
      commit: builtFrom,
      machine: machine(),
      versions: await versions(await databases.version(), undefined),
      settings: {
        rounds,
        warmUpSeconds: plan.warmUpSeconds,
        seconds: plan.seconds,
        tasks: { small: totalOf(small), big: totalOf(big) },
        mebibytes: { small: await databases.mebibytes('small'), big: await databases.mebibytes('big') },
        bigUser: big.big,
        page: deepestPage(big),
        hugePages: await databases.hasHugePages(),
        processor: plan.processor,
      },
      skipped,
      memory,
      cells,
    };
    report(`${await writeResults(results)} written`);
    return { table: `${growthOf(results)}\n`, errors: cells.reduce((sum, { measured }) => sum + measured.errors, 0) };
  } finally {
    await closeGenerator();
    await databases.close();
  }
}
