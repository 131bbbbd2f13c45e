import { join } from 'node:path';

/** This folder, when run from source. */
export const BENCH = import.meta.dirname;
export const PROJECT = join(BENCH, '..');
export const GENERATOR = join(BENCH, 'dist/bench/load/generator.js');
export const RESULTS = join(BENCH, 'results');
