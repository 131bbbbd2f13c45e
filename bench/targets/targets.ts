import { join } from 'node:path';
import type { WorkloadName } from '../load/workloads.ts';
import { BENCH, PROJECT } from '../paths.ts';

export interface Target {
  readonly name: string;
  /** For the report. */
  readonly title: string;
  readonly module: string;
  /** As it names its connections to the database. */
  readonly applicationName: string;
  /** Most connections to the database. The service's default for all; `--connections` tries another number. */
  readonly connections: number;
  readonly cursors: 'service' | 'peer';
}

const peer = (name: string, title: string): Target => ({
  name,
  title,
  module: join(BENCH, `dist/bench/peers/${name}.js`),
  applicationName: name,
  connections: 10,
  cursors: 'peer',
});

/** The built service, as in production. */
export const SERVICE: Target = {
  name: 'service',
  title: 'this service',
  module: join(PROJECT, 'dist/src/interfaces/http/main.js'),
  applicationName: 'task-service',
  connections: 10,
  cursors: 'service',
};

export const PEERS: readonly Target[] = [
  peer('textbook', 'Fastify, Knex'),
  peer('node-http', 'node:http, pg.Pool, named statements'),
  peer('postgres-js', 'Fastify, postgres.js'),
  peer('express', 'Express, Drizzle'),
];

/** No peer, but what HTTP alone can do. It knows one route. */
export const CONSTANT: Target = peer('constant', 'limit: a constant Fastify route');

/** No peer either, and no HTTP: what PostgreSQL alone can do. */
export const PGBENCH = { name: 'pgbench', title: 'limit: pgbench, 16 clients' } as const;

export const TARGETS: readonly Target[] = [SERVICE, ...PEERS];

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
