import type { Workload } from './exchange.ts';
import { statusIs } from './expectations.ts';
import * as pages from './pages.ts';
import { idlePoll, notModified, read, search } from './reads.ts';
import { complete, create, replace, replay, toggleOne } from './writes.ts';

const WRITES = [create, replace, complete] as const;

/** 80 % reads of one task, 20 % writes of all kinds. */
const mixed: Workload = (source) => {
  if (source.random() < 0.8) return read(source);
  return (WRITES[Math.floor(source.random() * WRITES.length)] ?? create)(source);
};

/** For the program with a constant response. */
const constant: Workload = (source) => ({ ...read(source), check: (response) => statusIs(response, 200) });

export const WORKLOADS = {
  read,
  'list-20': pages.list20,
  list: pages.list,
  create,
  replay,
  replace,
  complete,
  'toggle-one': toggleOne,
  mixed,
  'idle-poll': idlePoll,
  'not-modified': notModified,
  'first-page': pages.firstPage,
  'deep-page': pages.deepPage,
  search,
  'tombstones-list': pages.listBehindTombstones,
  'live-list': pages.listWithoutTombstones,
  'tombstones-sync': pages.syncBehindTombstones,
  'live-sync': pages.syncWithoutTombstones,
  changes: pages.changes,
  'last-page': pages.lastPage,
  constant,
} as const;

export type WorkloadName = keyof typeof WORKLOADS;

export const NEED_CURSORS: readonly WorkloadName[] = ['deep-page', 'last-page'];
