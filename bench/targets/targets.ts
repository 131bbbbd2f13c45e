import { join } from 'node:path';
import { BENCH, PROJECT } from '../paths.ts';
import type { Compared } from './compared.ts';

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
  /** Further variables of its environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Left out: all. */
  readonly workloads?: readonly Compared[];
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

/** The same without some of its techniques, so that what each is worth can be told. No peer. */
const variant = (name: string, title: string, environment: Record<string, string>): Target => ({
  ...SERVICE,
  name,
  title,
  applicationName: name,
  environment,
  workloads: ['read', 'list', 'create', 'complete', 'mixed'],
});

export const VARIANTS: readonly Target[] = [
  variant('service-uncoalesced', 'this service, uncoalesced', { DATABASE_COALESCE: 'off' }),
  variant('service-plain', 'this service, plain', {
    DATABASE_COALESCE: 'off',
    DATABASE_PIPELINE: 'off',
    DATABASE_PREPARED: 'off',
  }),
];

export const isVariant = (target: string): boolean => VARIANTS.some(({ name }) => name === target);

export const PEERS: readonly Target[] = [
  peer('textbook', 'Fastify, Knex'),
  peer('node-http', 'node:http, pg.Pool, named statements'),
  peer('postgres-js', 'Fastify, postgres.js'),
  peer('express', 'Express, Drizzle'),
];

/** No peer, but what HTTP alone can do. It knows one route. */
export const CONSTANT: Target = {
  ...peer('constant', 'limit: a constant Fastify route'),
  workloads: ['read'],
};

/** No peer either, and no HTTP: what PostgreSQL alone can do. */
export const PGBENCH = { name: 'pgbench', title: 'limit: pgbench, 16 clients' } as const;

export const TARGETS: readonly Target[] = [SERVICE, ...PEERS];
