/**
 * Changes the code of the core and of the HTTP adapter in one small way after the other, and expects a test to turn red.
 * https://stryker-mutator.io/docs/stryker-js/configuration/
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  mutate: [
    'src/domain/**/*.ts',
    'src/application/**/*.ts',
    'src/interfaces/http/**/*.ts',
    // One comparison with openapi.json notices every change of it.
    '!src/interfaces/http/openapi/**/*.ts',
  ],
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts' },
  plugins: ['@stryker-mutator/vitest-runner', import.meta.resolve('./words-for-people.js')],
  ignorers: ['words-for-people'],
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 30_000,
  incremental: true,
  incrementalFile: 'mutation/incremental.json',
  reporters: ['clear-text', 'progress', 'html', 'json'],
  clearTextReporter: { logTests: false, reportTests: false, skipFull: true },
  htmlReporter: { fileName: 'mutation/report.html' },
  jsonReporter: { fileName: 'mutation/report.json' },
  tempDirName: 'mutation/sandbox',
  cleanTempDir: 'always',
  ignorePatterns: ['/.data', '/coverage', '/dist', '/mutation'],
};
