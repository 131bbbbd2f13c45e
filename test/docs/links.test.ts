import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documents } from '../support/documents.ts';

const project = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(project, path), 'utf8');
const withoutCode = (text: string): string => text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '``');

/** As the usual viewers make them from headings. */
const anchorsOf = (path: string): string[] =>
  [...read(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Links inside the project that lead nowhere. */
function brokenLinksOf(path: string): string[] {
  const links = [...withoutCode(read(path)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : join(dirname(path), file);
    if (!existsSync(join(project, target))) return true;
    return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor);
  });
}

describe('the documents', () => {
  it.each(documents)('%s has no link that leads nowhere', (path) => {
    expect(brokenLinksOf(path)).toEqual([]);
  });

  it('are all reached from README.md', () => {
    const named = withoutCode(read('README.md'));
    const unnamed = readdirSync(join(project, 'docs')).filter(
      (file) => file.endsWith('.md') && !named.includes(`docs/${file}`),
    );
    expect(unnamed).toEqual([]);
  });

  it('name files of src that there are', () => {
    const named = [
      ...read('docs/architecture.md').matchAll(/`((?:interfaces|application|domain|infrastructure)\/[\w/-]+\.ts)`/g),
    ];
    expect(named.length).toBeGreaterThan(15);
    expect(named.map(([, file = '']) => file).filter((file) => !existsSync(join(project, 'src', file)))).toEqual([]);
  });
});
