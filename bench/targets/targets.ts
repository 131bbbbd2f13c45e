import { join, resolve } from 'node:path';
import { BENCH, PROJECT } from '../paths.ts';
import { COMPARED, type Compared, PEER_WORKLOADS } from './compared.ts';

export interface Target {
  /** Also the `application_name` of its database connections. */
  readonly name: string;
  /** For the report. */
  readonly title: string;
  readonly module: string;
  /** Maximum number of database connections. */
  readonly connections: number;
  readonly workloads: readonly Compared[];
}

const MODULE = 'dist/src/interfaces/http/main.js';

/** The built service with production settings. */
export const SERVICE: Target = {
  name: 'service',
  title: 'this service',
  module: join(PROJECT, MODULE),
  connections: 10,
  workloads: COMPARED,
};

const BEFORE = { name: 'before', title: 'this service before' } as const;

/** @param directory another built checkout of the service */
export const targetBefore = (directory: string): Target => ({
  ...SERVICE,
  ...BEFORE,
  module: join(resolve(directory), MODULE),
});

/** Whether a target is an earlier version. Its errors are reported, but do not fail the run. */
export const isBefore = (target: string): boolean => target === BEFORE.name;

const peer = (name: string, title: string): Target => ({
  name,
  title,
  module: join(BENCH, `dist/bench/peers/${name}.js`),
  connections: 10,
  workloads: PEER_WORKLOADS,
});

export const PEERS: readonly Target[] = [peer('textbook', 'Fastify, Knex'), peer('node-http', 'node:http, pg.Pool')];

/** The limit of HTTP: a route without a database. */
export const CONSTANT: Target = {
  ...peer('constant', 'limit: a constant Fastify route'),
  workloads: ['read'],
};

/** The limit of the database: the same SQL without HTTP. */
export const PGBENCH = { name: 'pgbench', title: 'limit: pgbench, 16 clients', clients: 16 } as const;

export const TARGETS: readonly Target[] = [SERVICE, ...PEERS];

/** In the order of the report. */
const TITLES = [SERVICE, BEFORE, ...PEERS, CONSTANT, PGBENCH];

export const titleOf = (target: string): string => TITLES.find(({ name }) => name === target)?.title ?? target;

export const positionOf = (target: string): number => TITLES.findIndex(({ name }) => name === target);
