import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GrowthResults } from '../measure/growth-results.ts';
import type { Results } from '../measure/results.ts';
import { PROJECT, RESULTS } from '../paths.ts';
import { chartOf } from './chart.ts';
import { growthOf } from './growth-table.ts';
import { meaningOf } from './kinds.ts';
import { markdownOf } from './markdown.ts';

const headOf = (results: Results) => `# Performance

What \`npm run bench\` measured: this service beside small programs that do the same on the same PostgreSQL, and beside what
HTTP and PostgreSQL can do alone. [How it is measured, and what the figures do not say](../bench/README.md).

${meaningOf(results)}

This page and its chart are written by \`npm run bench -- --report\`; do not edit them.

![Requests per second of each program](performance.svg)

`;

/** The first that there is. */
const FILES = ['full.json', 'medium.json'].map((name) => join(RESULTS, name));

const GROWTH = join(RESULTS, 'growth.json');

/** @param from the file of the results; by default those of the last full run, or else of the last medium one */
export async function writeReport(from: string | undefined, report: (line: string) => void): Promise<void> {
  const files = from === undefined ? FILES : [from];
  const results = await firstOf<Results>(files);
  if (results === undefined) throw new Error(`There are no results in ${files.join(' or ')}: npm run bench makes them`);
  const growth = await firstOf<GrowthResults>([GROWTH]);
  const docs = join(PROJECT, 'docs');
  await writeFile(join(docs, 'performance.svg'), chartOf(results));
  await writeFile(join(docs, 'performance.md'), headOf(results) + markdownOf(results, growth && growthOf(growth)));
  report(`docs/performance.md and docs/performance.svg are written, of a ${results.kind} run`);
}

async function firstOf<T>(files: readonly string[]): Promise<T | undefined> {
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return JSON.parse(text);
  }
  return undefined;
}
