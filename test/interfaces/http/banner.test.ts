import { describe, expect, it } from 'vitest';
import type { Obstacle } from '../../../src/application/ports.ts';
import { type BannerOptions, banner } from '../../../src/interfaces/http/banner.ts';

const url = 'http://127.0.0.1:3000';
const memory = { kind: 'memory', place: 'memory' } as const;

describe('the banner', () => {
  it.each<[BannerOptions['storage'], string]>([
    [memory, 'and kept in memory: NOTHING IS KEPT when the process ends.'],
    [{ kind: 'embedded', place: '.data' }, 'and kept in .data, by a PostgreSQL that stops with this service.'],
    [{ kind: 'external', place: 'db:5432/tasks' }, 'and kept in the PostgreSQL at db:5432/tasks.'],
  ])('says where tasks are served and kept, and how to begin: %o', (storage, kept) => {
    expect(banner({ url, storage, obstacle: undefined }).split('\n')).toEqual([
      '',
      `Tasks are served on ${url}`,
      kept,
      '',
      'Try it:',
      expect.stringContaining(`  curl -i ${url}/api/alice/tasks -H`),
      `  curl -i ${url}/api/alice/tasks`,
      `or in a browser: ${url}/docs`,
      '',
    ]);
  });

  it.each<[Obstacle, string]>([
    ['database-unreachable', 'does not answer'],
    ['database-full', 'has no room'],
    ['migrations-pending', 'Run `npm run migrate`'],
    ['database-unsuitable', 'must have the encoding UTF8'],
  ])('says of %s what stands in the way, and offers nothing that would fail', (obstacle, words) => {
    const lines = banner({ url, storage: memory, obstacle }).split('\n');
    expect(lines.slice(3)).toEqual(['', expect.stringMatching(`^NOT READY: .*${words}`), '']);
  });
});
