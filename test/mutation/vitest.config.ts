import { defineConfig } from 'vitest/config';
import { unit } from '../../vitest.config.ts';

export default defineConfig({
  test: {
    ...unit,
    // They reach everything at once and cost more than all others, or compare a text that is made from a compared one. What only
    // chance or an example finds has no test.
    exclude: [
      ...unit.exclude,
      'test/reliability/fuzz.test.ts',
      'test/examples/**',
      'test/clients/openapi-types.test.ts',
    ],
    isolate: false,
    // Many a mutant does not answer, and then each test waits this long. A busy machine must not kill any other.
    testTimeout: 10_000,
    hookTimeout: 10_000,
  },
});
