import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forbidden, importsBelow } from './import-rules.ts';

const src = join(import.meta.dirname, '../../src');
const intruders = join(import.meta.dirname, 'intruders');

describe('the import table', () => {
  const { modules, imports } = importsBelow(src);

  it('is checked against all of src', () => {
    expect(modules.length).toBeGreaterThan(30);
    expect(imports.length).toBeGreaterThan(100);
  });

  it('allows every import of src', () => {
    expect(forbidden(imports)).toEqual([]);
  });

  it('forbids exactly the imports that each intruder lists', () => {
    const { modules: files, imports: theirs } = importsBelow(intruders);
    const expected = files.flatMap((file) => listedIn(file));
    expect(files.length).toBeGreaterThan(10);
    expect(
      forbidden(theirs)
        .map(({ from, to }) => `${from} -> ${to}`)
        .sort(),
    ).toEqual(expected.sort());
  });

  /** The first line of an intruder lists its forbidden imports: `// forbidden: a, b`. */
  function listedIn(file: string): string[] {
    const [, list = ''] = /^\/\/ forbidden: (.*)/.exec(readFileSync(join(intruders, file), 'utf8')) ?? [];
    return list.split(', ').map((to) => `${file} -> ${to}`);
  }
});

describe('the source', () => {
  const files = importsBelow(src).modules.map((module) => ({ module, text: readFileSync(join(src, module), 'utf8') }));

  it.each([
    ['commit that resolves although it failed', /trx\.(commit|rollback)\(|\.transaction\(\)/],
    ['cancel that hits another client behind a pooler', /cancel: true/],
    ['search path that leaks behind a pooler', /searchPath/],
    ['pool whose lost connections end the process', /connectionPool|new (pg\.)?Pool\(/],
    ['SELECT without a list of columns', /select\s+\*|select\('\*'\)/i],
    ['decorators', /^\s*@\w+\(/m],
  ])('has no %s', (_what, pattern) => {
    expect(files.filter(({ text }) => pattern.test(text)).map(({ module }) => module)).toEqual([]);
  });

  it('catches errors only in adapters and in main.ts', () => {
    const core = files.filter(({ module }) => /^(domain|application)\//.test(module));
    expect(core.filter(({ text }) => /\bcatch\b/.test(text)).map(({ module }) => module)).toEqual([]);
  });

  it('imports inversify in one file', () => {
    expect(files.filter(({ text }) => text.includes(`'inversify'`)).map(({ module }) => module)).toEqual([
      'container.ts',
    ]);
  });

  it('has no barrel files', () => {
    expect(files.filter(({ module }) => /(^|\/)index\.ts$/.test(module))).toEqual([]);
  });
});
