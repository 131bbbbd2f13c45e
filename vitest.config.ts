import { configDefaults, defineConfig } from 'vitest/config';

const integration = 'test/**/*.integration.test.ts';
const reliability = 'test/reliability/**/*.reliability.test.ts';
const browser = 'test/**/*.browser.test.ts';
const e2e = 'test/e2e/**/*.e2e.test.ts';
/** Of the tests of reliability, those that also look at how long something takes, and so run one at a time. */
const timed = ['idle-and-cold', 'kill-the-service', 'stop'].map(
  (name) => `test/reliability/${name}.reliability.test.ts`,
);
const globalSetup = ['test/support/database-of-the-run.ts', 'test/support/build-of-the-run.ts'];

/** What needs no database; `test/mutation/` runs it too. */
export const unit = {
  name: 'unit',
  include: ['test/**/*.test.ts'],
  exclude: [...configDefaults.exclude, browser, integration, reliability, e2e],
  // For a machine that does much else. No test takes a second on an idle one.
  testTimeout: 30_000,
};

const ofReliability = { include: [reliability], globalSetup, testTimeout: 120_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    // Tests that start processes wait more than they compute.
    maxWorkers: '200%',
    projects: [
      { test: unit },
      // These need chromium, and are skipped where it is not installed.
      {
        test: {
          name: 'browser',
          include: [browser],
          globalSetup: ['test/support/browser-of-the-run.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: [integration],
          globalSetup,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      // These take minutes, and a machine that does nothing else.
      { test: { ...ofReliability, name: 'reliability', exclude: timed, maxWorkers: 3, sequence: { groupOrder: 1 } } },
      {
        test: {
          ...ofReliability,
          name: 'reliability-alone',
          include: timed,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
      // These measure latencies under load.
      {
        test: {
          name: 'e2e',
          include: [e2e],
          globalSetup: ['test/support/build-of-the-run.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
    coverage: { provider: 'v8', include: ['src/**'], reporter: ['text-summary', 'json-summary', 'html'] },
  },
});
