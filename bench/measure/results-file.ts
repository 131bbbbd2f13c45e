import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RESULTS } from '../paths.ts';

interface Written {
  readonly kind: string;
  readonly cells: readonly unknown[];
}

/** @returns the file */
export async function writeResults(results: Written): Promise<string> {
  const file = join(RESULTS, `${results.kind}.json`);
  await mkdir(RESULTS, { recursive: true });
  await writeFile(file, toJson(results));
  return file;
}

/** One measurement per line. */
function toJson({ cells, ...about }: Written): string {
  const head = JSON.stringify(about, undefined, 2).replace(/\n}$/, '');
  return `${head},\n  "cells": [\n    ${cells.map((cell) => JSON.stringify(cell)).join(',\n    ')}\n  ]\n}\n`;
}
