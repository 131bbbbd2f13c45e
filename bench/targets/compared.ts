import type { WorkloadName } from '../load/workloads.ts';

/** What is compared, in the order of the report. */
export const COMPARED = [
  'read',
  'list',
  'create',
  'replace',
  'complete',
  'mixed',
  'idle-poll',
  'not-modified',
  'deep-page',
  'search',
] as const satisfies readonly WorkloadName[];

export type Compared = (typeof COMPARED)[number];

export const WORDING: Record<Compared, string> = {
  read: 'read one task',
  list: 'list of 100',
  create: 'create',
  replace: 'replace with If-Match',
  complete: 'complete',
  mixed: 'mixed, 80 % reads',
  'idle-poll': 'idle poll of the feed',
  'not-modified': 'list with If-None-Match',
  'deep-page': 'deep page of 100',
  search: 'search',
};
