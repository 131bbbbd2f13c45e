import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const project = join(import.meta.dirname, '../..');

/** A fenced block of a document that shows commands, and what it says that they print. */
export interface Shown {
  readonly document: string;
  readonly commands: readonly string[];
  readonly output: readonly string[];
}

const BLOCK = /^( *)```sh\n([\s\S]*?)\n\1```\n(?:\n\1```(?:json)?\n([\s\S]*?)\n\1```\n)?/gm;

/** Each line is a command. */
export function shownIn(document: string): Shown[] {
  const text = readFileSync(join(project, document), 'utf8');
  const lines = (block = '') => block.split('\n').flatMap((line) => line.trim() || []);
  return [...text.matchAll(BLOCK)].map(([, , commands, output]) => ({
    document,
    commands: lines(commands),
    output: lines(output),
  }));
}

/** What is another one on every run. */
export const masked = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/"next_cursor":"[\w-]+"/g, '"next_cursor":"<cursor>"');
