import { closing } from '../closing.ts';
import { BenchDatabase } from '../database/bench-database.ts';
import { totalOf } from '../database/data-set.ts';
import { GeneratorProcess } from '../load/generator-process.ts';
import { GENERATOR } from '../paths.ts';
import { prepare } from '../prepare.ts';
import { summaryOf } from '../report/markdown.ts';
import { commit, machine } from './machine.ts';
import { pgbenchVersion } from './pgbench.ts';
import type { Plan } from './plan.ts';
import type { Cell, Results } from './results.ts';
import { writeResults } from './results-file.ts';
import { errorsOf, Round } from './round.ts';
import { measureStorage, type Storage } from './storage.ts';
import { versions } from './versions.ts';

/** @returns the report and the number of wrong or missing responses */
export async function measureAll(plan: Plan, say: (line: string) => void) {
  const began = performance.now();
  const minutes = () => (performance.now() - began) / 60_000;
  const report = (line: string) => say(`${minutes().toFixed(1)} min: ${line}`);
  const skipped: string[] = [];
  const builtFrom = await commit();
  await prepare(report);
  const database = await BenchDatabase.open(plan.size, report);
  const generator = new GeneratorProcess(GENERATOR);
  const closeGenerator = closing(() => generator.close());
  try {
    const pgbench = await pgbenchVersion();
    if (pgbench === undefined) skipped.push('pgbench, which is not installed (Debian: postgresql-contrib)');
    if (database.server.postmaster === undefined)
      skipped.push('CPU time of PostgreSQL, because the server is external');

    const storage = plan.kind === 'quick' ? undefined : await storageOf(plan, database, report);
    const cells: Cell[] = [];
    let rounds = 0;
    for (let longest = 0; rounds < plan.rounds; rounds++) {
      if (rounds > 0 && minutes() + longest > plan.minutes) {
        skipped.push(`${plan.rounds - rounds} of ${plan.rounds} rounds, because of the time limit`);
        break;
      }
      const before = minutes();
      cells.push(
        ...(await new Round(
          { plan, database, generator, hasPgbench: pgbench !== undefined, report },
          rounds,
        ).measure()),
      );
      longest = Math.max(longest, minutes() - before);
    }
    const results: Results = {
      kind: plan.kind,
      date: new Date().toISOString(),
      commit: builtFrom,
      machine: machine(),
      versions: await versions(await database.version(), pgbench),
      settings: {
        rounds,
        warmUpSeconds: plan.warmUpSeconds,
        seconds: plan.seconds,
        users: plan.size.users,
        tasks: totalOf(plan.size),
        bigUser: plan.size.big,
        pools: Object.fromEntries(plan.targets.map(({ name, connections }) => [name, connections])),
        processor: plan.processor,
        hugePages: await database.hasHugePages(),
      },
      skipped,
      storage,
      cells,
    };
    report(`${await writeResults(results)} written`);
    return { table: summaryOf(results), errors: errorsOf(cells) };
  } finally {
    await closeGenerator();
    await database.close();
  }
}

function storageOf({ size }: Plan, database: BenchDatabase, report: (line: string) => void): Promise<Storage> {
  report('Storage and WAL per write');
  return measureStorage(database, size);
}
