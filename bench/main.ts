import { checkAll } from './check/check-all.ts';
import { closeAll } from './closing.ts';
import { growthPlanOf } from './measure/growth-plan.ts';
import { measureAll } from './measure/measure-all.ts';
import { measureGrowth } from './measure/measure-growth.ts';
import { planOf } from './measure/plan.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { writeReport } from './report/write-report.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

// What was opened is closed also when somebody has waited long enough.
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
async function run({ command, from, plan, tasks }: Options): Promise<number> {
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
      return told(await measureGrowth(growthPlanOf(plan, tasks), say));
    case 'quick':
    case 'medium':
    case 'full':
      return told(await measureAll(planOf(command, plan), say));
  }
}

function told({ table, errors }: { readonly table: string; readonly errors: number }): number {
  process.stdout.write(table);
  if (errors > 0) say(`${errors} answers were wrong or missing, so none of this counts`);
  return errors === 0 ? 0 : 1;
}
