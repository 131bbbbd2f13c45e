import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assumptionsTable, scalingTable } from './scaling.ts';
import { envExample, settingsSections, settingsTable } from './settings.ts';

const project = join(import.meta.dirname, '../..');

/** What is written from the code, by its path: whole files, and others in which a part is. */
export function generatedDocuments(): Map<string, string> {
  const within = (path: string, part: string, text: string) => [path, replacePart(read(path), part, text)] as const;
  const scaling = replacePart(read('docs/scaling.md'), 'figures', scalingTable());
  return new Map([
    ['.env.example', envExample()],
    within('README.md', 'settings', settingsTable()),
    within('docs/configuration.md', 'settings', settingsSections()),
    ['docs/scaling.md', replacePart(scaling, 'assumptions', assumptionsTable())],
  ]);
}

export const read = (path: string): string => readFileSync(join(project, path), 'utf8');

/** Replaces what stands between `<!-- part: … -->` and `<!-- /part -->`. */
export function replacePart(document: string, part: string, text: string): string {
  const marked = new RegExp(`(<!-- ${part}: [^\n]*-->\n)[\\s\\S]*?(<!-- /${part} -->)`);
  if (!marked.test(document)) throw new Error(`There is no part ${part}`);
  return document.replace(marked, (_all, begin: string, end: string) => `${begin}${text}\n${end}`);
}
