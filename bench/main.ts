import { checkAll } from './check/check-all.ts';
import { closeAll } from './closing.ts';
import { growthPlanOf } from './measure/growth-plan.ts';
import { measureAll } from './measure/measure-all.ts';
import { measureGrowth } from './measure/measure-growth.ts';
import { planOf } from './measure/plan.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { writeReport } from './report/write-report.ts';
import { measureUnfair } from './unfair/measure-unfair.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    say('Stopping');
    await closeAll();
    process.exit(130);
  });
}

try {
  process.exitCode = await run(readOptions(process.argv.slice(2)));
} catch (error) {
  say((error as Error).message);
  process.exitCode = 1;
} finally {
  await closeAll();
}

/** @returns the exit code */
async function run({ command, from, plan, tasks, scenarios }: Options): Promise<number> {
  switch (command) {
    case 'help':
      process.stdout.write(USAGE);
      return 0;
    case 'check':
      return (await checkAll(say)) ? 0 : 1;
    case 'report':
      await writeReport(from, say);
      return 0;
    case 'growth':
      return print(await measureGrowth(growthPlanOf(plan, tasks), say));
    case 'unfair': {
      const { table, unfair } = await measureUnfair({ ...plan, scenarios }, say);
      return print({ table, errors: 0 }) || Number(unfair > 0);
    }
    case 'quick':
    case 'medium':
    case 'full':
      return print(await measureAll(planOf(command, plan), say));
  }
}

function print({ table, errors }: { readonly table: string; readonly errors: number }): number {
  process.stdout.write(table);
  if (errors > 0) say(`${errors} responses were wrong or missing: the results are not valid`);
  return errors === 0 ? 0 : 1;
}
