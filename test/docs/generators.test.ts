import { describe, expect, it } from 'vitest';
import { generatedDocuments, read, replacePart } from '../../docs/generators/documents.ts';
import { wrapped } from '../../docs/generators/wrapped.ts';

describe('what `npm run docs` writes', () => {
  it.each([...generatedDocuments()])('is what is there: %s', (path, text) => {
    expect(read(path)).toBe(text);
  });

  it('leaves alone what stands around a part, and misses no part', () => {
    const document = 'before\n<!-- part: why -->\nold\n<!-- /part -->\nafter\n';
    expect(replacePart(document, 'part', 'new $1')).toBe('before\n<!-- part: why -->\nnew $1\n<!-- /part -->\nafter\n');
    expect(() => replacePart(document, 'other', 'new')).toThrow('other');
  });

  it('is wrapped between words', () => {
    expect(wrapped('a '.repeat(61).trim(), '# ')).toBe(`# ${'a '.repeat(59).trim()}\n# a a`);
    expect(wrapped('x'.repeat(200))).toBe('x'.repeat(200));
  });
});
