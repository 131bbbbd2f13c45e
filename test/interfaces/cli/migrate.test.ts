import { describe, expect, it } from 'vitest';
import { type Migrations, migrateAction } from '../../../src/interfaces/cli/migrate.ts';

const upToDate: Migrations = {
  up: async () => [],
  down: async () => [],
  status: async () => ({ done: ['first'], pending: ['second'] }),
  unlock: async () => {},
};

describe('what the migrate command does', () => {
  it('is to bring the schema up unless it is told something else', () => {
    expect(migrateAction()).toBe(migrateAction('up'));
  });

  it.each([
    ['up', ['The schema is up to date.']],
    ['down', ['There is nothing to take back.']],
    ['status', ['done     first', 'pending  second']],
    ['unlock', ['The migration lock is free.']],
  ])('is told in lines: %s', async (name, lines) => {
    expect(await migrateAction(name)?.(upToDate)).toEqual(lines);
  });

  it.each(['sideways', 'toString', '__proto__'])('is nothing for a word that it does not know: %s', (name) => {
    expect(migrateAction(name)).toBeUndefined();
  });
});
