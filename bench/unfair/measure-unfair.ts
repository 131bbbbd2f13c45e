import { setTimeout as sleep } from 'node:timers/promises';
import { BenchDatabase } from '../database/bench-database.ts';
import { SIZES } from '../database/data-set.ts';
import { residentMebibytes } from '../load/process-usage.ts';
import { commit, machine } from '../measure/machine.ts';
import { type PlanOptions, rotated } from '../measure/plan.ts';
import { writeResults } from '../measure/results-file.ts';
import { prepare } from '../prepare.ts';
import { unfairOf } from '../report/unfair-table.ts';
import { TargetProcess } from '../targets/target-process.ts';
import { isBefore, SERVICE, type Target, targetBefore } from '../targets/targets.ts';
import { runLoad } from './load-process.ts';
import { createOf, probe, readOf } from './probe.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { isFair, type Others, type UnfairCell, type UnfairResults } from './unfair-results.ts';

const SIZE = SIZES.unfair;
const READS_PER_SECOND = 50;
const WRITES_PER_SECOND = 20;
const WARM_UP_SECONDS = 1;
const UNDISTURBED_SECONDS = 3;
/** The load starts before the measurement and ends after it. */
const LEAD_SECONDS = 1;
const MEMORY_INTERVAL_MS = 100;

/** @returns the report and the number of scenarios in which this service was not fair */
export async function measureUnfair(
  options: PlanOptions & { readonly scenarios: readonly string[] | undefined },
  say: (line: string) => void,
) {
  const scenarios = SCENARIOS.filter(({ name }) => options.scenarios?.includes(name) ?? true);
  if (scenarios.length === 0) throw new Error(`Use scenarios of ${SCENARIOS.map(({ name }) => name).join(', ')}`);
  const { rounds = 1, seconds = 10, before } = options;
  const all = before === undefined ? [SERVICE] : [SERVICE, targetBefore(before)];
  const targets = all.filter(({ name }) => options.targets?.includes(name) ?? true);
  const builtFrom = await commit();
  await prepare(say);
  const database = await BenchDatabase.open(SIZE, say);
  const cells: UnfairCell[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      for (const target of rotated(targets, round)) {
        await database.restore();
        for (const scenario of scenarios) {
          say(`Round ${round + 1}, ${target.title}: ${scenario.title}`);
          cells.push({ round, ...(await measure(target, scenario, { url: database.url, seconds })) });
        }
      }
    }
  } finally {
    await database.close();
  }
  const results: UnfairResults = {
    kind: 'unfair',
    date: new Date().toISOString(),
    commit: builtFrom,
    machine: machine(),
    settings: { rounds, seconds },
    cells,
  };
  say(`${await writeResults(results)} written`);
  const unfair = cells.filter((cell) => !isBefore(cell.target) && !isFair(cell)).length;
  return { table: `${unfairOf(results)}\n`, unfair };
}

/** A fresh process per scenario, so that one scenario does not affect the memory of the next. */
async function measure(
  target: Target,
  scenario: Scenario,
  { url, seconds }: { readonly url: string; readonly seconds: number },
): Promise<Omit<UnfairCell, 'round'>> {
  const running = await TargetProcess.start(target, { url, processor: undefined });
  const { pid, port } = running;
  try {
    await others(port, scenario, WARM_UP_SECONDS);
    const undisturbed = await others(port, scenario, UNDISTURBED_SECONDS);
    const memory = watchMemory(pid);
    const load = runLoad({ port, databaseUrl: url, scenario: scenario.name, seconds });
    // Awaited below. It may fail before that.
    load.catch(() => {});
    await sleep(LEAD_SECONDS * 1_000);
    const disturbed = await others(port, scenario, Math.max(1, seconds - 2 * LEAD_SECONDS));
    return {
      target: target.name,
      scenario: scenario.name,
      undisturbed,
      disturbed,
      load: await load,
      memory: memory.stop(),
    };
  } finally {
    await running.stop();
  }
}

async function others(port: number, { measuresWrites }: Scenario, seconds: number): Promise<Others> {
  const [read, write] = await Promise.all([
    probe(port, { seconds, perSecond: READS_PER_SECOND }, readOf(SIZE)),
    measuresWrites ? probe(port, { seconds, perSecond: WRITES_PER_SECOND }, createOf(SIZE)) : undefined,
  ]);
  return { read, write };
}

function watchMemory(pid: number) {
  const beforeMebibytes = residentMebibytes(pid) ?? 0;
  let peakMebibytes = beforeMebibytes;
  const timer = setInterval(() => {
    peakMebibytes = Math.max(peakMebibytes, residentMebibytes(pid) ?? 0);
  }, MEMORY_INTERVAL_MS);
  return {
    stop() {
      clearInterval(timer);
      return { beforeMebibytes, peakMebibytes };
    },
  };
}
