import { defineConfig } from 'vitest/config';

const integration = 'test/**/*.integration.test.ts';

export default defineConfig({
  test: {
    // Tests that start processes wait more than they compute.
    maxWorkers: '200%',
    // No test replaces a module or changes what others import, so files of one worker load the code once.
    isolate: false,
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [integration] } },
      {
        test: {
          name: 'integration',
          include: [integration],
          globalSetup: ['test/support/database-of-the-run.ts', 'test/support/build-of-the-run.ts'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
    ],
    coverage: { provider: 'v8', include: ['src/**'], reporter: ['text-summary', 'json-summary', 'html'] },
  },
});
