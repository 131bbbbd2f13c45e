import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const read = (path: string): string => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
const { version } = JSON.parse(read('package.json'));

it.each(['package-lock.json', 'clients/typescript/package.json'])('%s has the version of package.json', (path) => {
  expect(JSON.parse(read(path)).version).toBe(version);
});

it('openapi.json has the version of package.json', () => {
  expect(JSON.parse(read('openapi.json')).info.version).toBe(version);
});

it('the changelog begins with the version of package.json, or with what is not released yet', () => {
  const [, newest] = /^## (\S+)/m.exec(read('CHANGELOG.md')) ?? [];
  expect(['Unreleased', version]).toContain(newest);
});
