import type { Knex } from 'knex';
import type { Observers } from './observers.ts';
import { Pipeline } from './pipeline.ts';
import { PooledSender } from './pooled-sender.ts';
import type { PostgresDialect } from './postgres-dialect.ts';
import type { Sender } from './sender.ts';

/** The ways that there are. */
export interface Senders {
  /** For what is answered at once: single tasks, and pages that follow an index. */
  readonly reads: Sender;
  /** For what may take its time, and must not keep others waiting: searches and counts. */
  readonly searches: Sender;
  /** An owner's writes all go the same way, where they wait for each other anyway. */
  readonly writes: readonly [Sender, ...Sender[]];
  /** How many statements at a time may wait for locks over the pool, so that not all of it does. */
  readonly mayWait: number;
}

interface PipelineLoad {
  readonly name: string;
  /** Statements that have no answer yet. */
  readonly inFlight: number;
}

export interface OpenSenders extends Senders {
  /** Of each pipeline, at this moment. */
  load(): readonly PipelineLoad[];
  close(): Promise<void>;
}

export interface SendersOptions {
  readonly url: string;
  /** Of which the pool has what is left by the pipelines. */
  readonly maxConnections: number;
  /** Whether the server is to keep statements under their names. */
  readonly prepared: boolean;
  readonly observers?: Observers;
}

/** More of them make smaller batches, and more commits of the same writes. */
const MAX_WRITERS = 2;

/** How many connections the pipelines take, the others being the pool's. With too few, all are left to the pool. */
export const pipelinesOf = (maxConnections: number): number =>
  maxConnections < 3 ? 0 : 1 + Math.min(MAX_WRITERS, Math.floor((maxConnections - 1) / 2));

/** Two are left for those who wait for no lock. */
const mayWaitIn = (knex: Knex): number => Math.max(1, (knex.client.pool?.max ?? 1) - 2);

/** All over the pool. */
export function pooledSenders(knex: Knex, prepared: boolean, observers: Observers = {}): OpenSenders {
  const sender = new PooledSender(knex, { named: prepared, observers });
  const mayWait = mayWaitIn(knex);
  return { reads: sender, searches: sender, writes: [sender], mayWait, load: () => [], close: async () => {} };
}

/** What is short goes over pipelines. */
export function pipelinedSenders(
  knex: Knex,
  { url, maxConnections, prepared, observers = {} }: SendersOptions,
): OpenSenders {
  const searches = new PooledSender(knex, { named: prepared, observers });
  const pipelines: Pipeline[] = [];
  const onSilence = () => {
    for (const pipeline of pipelines) pipeline.distrust();
    (knex.client as PostgresDialect).distrust();
  };
  const open = () => {
    const pipeline = new Pipeline({ url, named: prepared, fallback: searches, onSilence, observers });
    pipelines.push(pipeline);
    return pipeline;
  };
  const reads = open();
  const firstWriter = open();
  const otherWriters = Array.from({ length: pipelinesOf(maxConnections) - 2 }, open);
  const load = () => pipelines.map(({ inFlight }, n) => ({ name: n === 0 ? 'reads' : `writes-${n}`, inFlight }));
  const close = async () => void (await Promise.all(pipelines.map((pipeline) => pipeline.close())));
  return { reads, searches, writes: [firstWriter, ...otherWriters], mayWait: mayWaitIn(knex), load, close };
}
