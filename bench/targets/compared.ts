import type { WorkloadName } from '../load/workloads.ts';

/** Workloads of a comparison, in the order of the report. */
export const WORDING = {
  read: 'read one task',
  'list-20': 'list of 20',
  list: 'list of 100',
  create: 'create',
  replay: 'replayed create',
  replace: 'replace with If-Match',
  complete: 'complete',
  'toggle-one': 'complete, all clients the same task',
  mixed: 'mixed, 80 % reads',
  'idle-poll': 'empty feed',
  'not-modified': 'list with If-None-Match',
  'first-page': 'first page of 100 of a large list',
  'deep-page': 'deep page of 100 of a large list',
  search: 'search',
  'tombstones-list': 'list by updated_at behind tombstones',
  'live-list': 'list by updated_at without tombstones',
  'tombstones-sync': 'initial sync behind tombstones',
  'live-sync': 'initial sync without tombstones',
} as const satisfies Partial<Record<WorkloadName, string>>;

export type Compared = keyof typeof WORDING;

export const COMPARED = Object.keys(WORDING) as Compared[];

/** Workloads that need nothing but the part of the contract that peers implement. */
export const PEER_WORKLOADS: readonly Compared[] = COMPARED.filter(
  (name) => name !== 'replay' && !name.startsWith('tombstones-') && !name.startsWith('live-'),
);
