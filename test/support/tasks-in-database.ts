import type { Knex } from 'knex';
import { BatchedTaskRows } from '../../src/infrastructure/postgres/batched-task-rows.ts';
import { connect } from '../../src/infrastructure/postgres/connect.ts';
import { GuardedDatabase } from '../../src/infrastructure/postgres/guarded-database.ts';
import { KnexTaskRepository } from '../../src/infrastructure/postgres/knex-task-repository.ts';
import {
  pipelinedSenders,
  pipelinesOf,
  pooledSenders,
  type Senders,
} from '../../src/infrastructure/postgres/senders.ts';
import { SingleTaskRows } from '../../src/infrastructure/postgres/task-rows.ts';

/** What can be switched off. */
export interface Switches {
  readonly prepared: boolean;
  readonly pipelined: boolean;
  readonly coalesced: boolean;
}

export const ALL_ON: Switches = { prepared: true, pipelined: true, coalesced: true };
export const ALL_OFF: Switches = { prepared: false, pipelined: false, coalesced: false };

const DEFAULT = process.env['TEST_PLAIN'] ? ALL_OFF : ALL_ON;

/** Each alone, all, and none. */
export const SWITCHES: readonly (readonly [string, Switches])[] = [
  ['all on', ALL_ON],
  ['prepared', { ...ALL_OFF, prepared: true }],
  ['pipelined', { ...ALL_OFF, pipelined: true }],
  ['coalesced', { ...ALL_OFF, coalesced: true }],
  ['all off', ALL_OFF],
];

/** Over a pool, or a transaction, and a statement for each call: what is simplest. */
export const plainTasks = (knex: Knex, maxConnections?: number): KnexTaskRepository =>
  tasksOver(new GuardedDatabase(knex, maxConnections), pooledSenders(knex, false), false);

const tasksOver = (database: GuardedDatabase, senders: Senders, coalesced: boolean): KnexTaskRepository =>
  new KnexTaskRepository(database, senders, coalesced ? new BatchedTaskRows(senders) : new SingleTaskRows(senders));

export interface OpenTasks {
  readonly tasks: KnexTaskRepository;
  readonly database: GuardedDatabase;
  readonly knex: Knex;
  readonly senders: Senders;
  close(): Promise<void>;
}

/** As the service is wired; all on unless told otherwise, as by `npm run test:plain`. */
export function openTasks(url: string, maxConnections: number, switches: Switches = DEFAULT): OpenTasks {
  const { prepared, pipelined, coalesced } = switches;
  const pipelines = pipelined ? pipelinesOf(maxConnections) : 0;
  const knex = connect(url, { maxConnections: maxConnections - pipelines, warn: () => {} });
  const database = new GuardedDatabase(knex, maxConnections);
  const senders =
    pipelines === 0 ? pooledSenders(knex, prepared) : pipelinedSenders(knex, { url, maxConnections, prepared });
  const close = async () => {
    await senders.close();
    await knex.destroy();
  };
  return { tasks: tasksOver(database, senders, coalesced), database, knex, senders, close };
}
