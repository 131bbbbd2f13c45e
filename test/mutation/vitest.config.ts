import { defineConfig } from 'vitest/config';
import { unit } from '../../vitest.config.ts';

export default defineConfig({
  test: {
    ...unit,
    isolate: false,
    // The same few draws each time, so that a mutant has the same fate twice.
    env: { FUZZ_RUNS: '20', FUZZ_SEED: '1' },
  },
});
