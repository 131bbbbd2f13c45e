import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Results } from '../measure/results.ts';
import { PROJECT, RESULTS } from '../paths.ts';
import { chartOf } from './chart.ts';
import { markdownOf } from './markdown.ts';

const HEAD = `# Performance

What \`npm run bench\` measured: this service beside small programs that do the same on the same PostgreSQL, and beside what
HTTP and PostgreSQL can do alone. [How it is measured, and what the figures do not say](../bench/README.md).

This page and its chart are written by \`npm run bench -- --report\`; do not edit them.

![Requests per second of each program](performance.svg)

`;

/** @param from the file of the results; by default those of the last full run */
export async function writeReport(from: string | undefined, report: (line: string) => void): Promise<void> {
  const file = from ?? join(RESULTS, 'full.json');
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Error(`There are no results in ${file}: npm run bench makes them`);
  });
  const results: Results = JSON.parse(text);
  const docs = join(PROJECT, 'docs');
  await writeFile(join(docs, 'performance.svg'), chartOf(results));
  await writeFile(join(docs, 'performance.md'), HEAD + markdownOf(results));
  report('docs/performance.md and docs/performance.svg are written');
}
