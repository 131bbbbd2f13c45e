import type { Readiness } from '../../application/ports.ts';

/** There is nothing outside the process that could be missing. */
export const alwaysReady: Readiness = {
  async obstacle() {
    return undefined;
  },
};
