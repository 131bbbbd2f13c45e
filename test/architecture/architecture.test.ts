import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsBelow, refused } from './import-rules.ts';

const src = join(import.meta.dirname, '../../src');
const intruders = join(import.meta.dirname, 'intruders');

describe('the import table', () => {
  const { modules, imports } = importsBelow(src);

  it('was held against the whole of src', () => {
    expect(modules.length).toBeGreaterThan(30);
    expect(imports.length).toBeGreaterThan(100);
  });

  it('allows every import of src', () => {
    expect(refused(imports)).toEqual([]);
  });

  it('refuses each of the intruders, and nothing else of them', () => {
    const { modules: files, imports: theirs } = importsBelow(intruders);
    const expected = files.flatMap((file) => refusalsTold(file));
    expect(files.length).toBeGreaterThan(10);
    expect(
      refused(theirs)
        .map(({ from, to }) => `${from} -> ${to}`)
        .sort(),
    ).toEqual(expected.sort());
  });

  /** An intruder tells in its first line what must be refused of it: `// refused: a, b`. */
  function refusalsTold(file: string): string[] {
    const [, told = ''] = /^\/\/ refused: (.*)/.exec(readFileSync(join(intruders, file), 'utf8')) ?? [];
    return told.split(', ').map((to) => `${file} -> ${to}`);
  }
});

describe('the source', () => {
  const files = importsBelow(src).modules.map((module) => ({ module, text: readFileSync(join(src, module), 'utf8') }));

  it.each([
    ['a commit that resolves although it was lost', /trx\.(commit|rollback)\(|\.transaction\(\)/],
    ['a cancel that cancels somebody else behind a pooler', /cancel: true/],
    ['a search path that leaks behind a pooler', /searchPath/],
    ['a pool whose lost connections end the process', /connectionPool|new (pg\.)?Pool\(/],
    ['columns that nobody listed', /select\s+\*|select\('\*'\)/i],
    ['decorators', /^\s*@\w+\(/m],
  ])('has no %s', (_what, pattern) => {
    expect(files.filter(({ text }) => pattern.test(text)).map(({ module }) => module)).toEqual([]);
  });

  it('catches errors in adapters and in main.ts alone', () => {
    const core = files.filter(({ module }) => /^(domain|application)\//.test(module));
    expect(core.filter(({ text }) => /\bcatch\b/.test(text)).map(({ module }) => module)).toEqual([]);
  });

  it('names inversify in one file', () => {
    expect(files.filter(({ text }) => text.includes(`'inversify'`)).map(({ module }) => module)).toEqual([
      'container.ts',
    ]);
  });

  it('has no barrel files', () => {
    expect(files.filter(({ module }) => /(^|\/)index\.ts$/.test(module))).toEqual([]);
  });
});
