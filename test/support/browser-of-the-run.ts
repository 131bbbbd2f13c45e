import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Empty if there is none. */
    chromium: string;
  }
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Finds the browser of this machine, and says so, or that the page at /docs is not tested. */
export default function setup({ provide }: TestProject): void {
  const chromium = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((file) => existsSync(file));
  process.stderr.write(
    `Browser of this run: ${chromium ?? 'NONE, chromium is not installed; /docs is not tested in one'}\n`,
  );
  provide('chromium', chromium ?? '');
}
