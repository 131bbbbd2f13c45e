import { expect, it } from 'vitest';

// A mistake that keeps a module from being loaded is red everywhere else, but mutation testing counts tests and not files.
it('the server can be loaded', async () => {
  expect(await import('../../../src/interfaces/http/server.ts')).toHaveProperty('createServer');
});
