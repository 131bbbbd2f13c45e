import type { Workload } from './exchange.ts';
import { statusIs } from './expectations.ts';
import { changes, deepPage, firstPage, lastPage } from './pages.ts';
import { idlePoll, list, notModified, read, search } from './reads.ts';
import { complete, create, replace } from './writes.ts';

const WRITES = [create, replace, complete] as const;

/** Four reads of one task for each write; the writes are of all kinds alike. */
const mixed: Workload = (source) => {
  if (source.random() < 0.8) return read(source);
  return (WRITES[Math.floor(source.random() * WRITES.length)] ?? create)(source);
};

/** Of a program that has no tasks. */
const constant: Workload = (source) => ({ ...read(source), check: (answer) => statusIs(answer, 200) });

export const WORKLOADS = {
  read,
  list,
  create,
  replace,
  complete,
  mixed,
  'idle-poll': idlePoll,
  'not-modified': notModified,
  'deep-page': deepPage,
  search,
  changes,
  'first-page': firstPage,
  'last-page': lastPage,
  constant,
} as const;

export type WorkloadName = keyof typeof WORKLOADS;
