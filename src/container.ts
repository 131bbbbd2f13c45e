import 'reflect-metadata';
import { Container, type ServiceIdentifier } from 'inversify';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { type OperatorUseCases, operatorUseCases } from './application/operator-use-cases.ts';
import type { Clock, IdGenerator, Readiness, TaskErasure, TaskRepository } from './application/ports.ts';
import { type TaskUseCases, taskUseCases } from './application/task-use-cases.ts';
import {
  EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './infrastructure/embedded-postgres/embedded-postgres.ts';
import { createLogger } from './infrastructure/logger.ts';
import { alwaysReady } from './infrastructure/memory/always-ready.ts';
import { InMemoryTaskRepository } from './infrastructure/memory/in-memory-task-repository.ts';
import { DatabaseMetrics } from './infrastructure/metrics/database-metrics.ts';
import { Prometheus } from './infrastructure/metrics/prometheus.ts';
import { RequestMetrics } from './infrastructure/metrics/request-metrics.ts';
import { BatchedTaskRows } from './infrastructure/postgres/batched-task-rows.ts';
import { CitusDistribution } from './infrastructure/postgres/citus-distribution.ts';
import { connect } from './infrastructure/postgres/connect.ts';
import { DatabaseReadiness } from './infrastructure/postgres/database-readiness.ts';
import { GuardedDatabase } from './infrastructure/postgres/guarded-database.ts';
import { KnexTaskErasure } from './infrastructure/postgres/knex-task-erasure.ts';
import { KnexTaskRepository } from './infrastructure/postgres/knex-task-repository.ts';
import { Migrator } from './infrastructure/postgres/migrator.ts';
import { type Observers, REASONS } from './infrastructure/postgres/observers.ts';
import {
  type OpenSenders,
  pipelinedSenders,
  pipelinesOf,
  pooledSenders,
  type Senders,
} from './infrastructure/postgres/senders.ts';
import { SingleTaskRows, type TaskRows } from './infrastructure/postgres/task-rows.ts';
import { areTracesOn, readSettings, type Settings } from './infrastructure/settings.ts';
import { systemClock, UuidGenerator } from './infrastructure/system.ts';
import type { OpenTelemetry } from './infrastructure/tracing/open-telemetry.ts';

const token = <T>(name: string) => Symbol(name) as ServiceIdentifier<T>;

/**
 * What a `main.ts`, or a test, may ask for. The type of a token is the type of its value, so that nothing can be swapped
 * unseen.
 */
export const TOKENS = {
  settings: token<Settings>('Settings'),
  log: token<Logger>('Logger'),
  storage: token<Storage>('Storage'),
  knex: token<Knex>('Knex'),
  senders: token<OpenSenders>('Senders'),
  tasks: token<TaskRepository>('TaskRepository'),
  clock: token<Clock>('Clock'),
  ids: token<IdGenerator>('IdGenerator'),
  useCases: token<TaskUseCases>('TaskUseCases'),
  erasure: token<TaskErasure>('TaskErasure'),
  operatorUseCases: token<OperatorUseCases>('OperatorUseCases'),
  readiness: token<Readiness>('Readiness'),
  migrator: token<Migrator>('Migrator'),
  traces: token<OpenTelemetry | undefined>('OpenTelemetry'),
  metrics: token<RequestMetrics | undefined>('RequestMetrics'),
};

/** What only this file asks for. */
const PARTS = {
  prometheus: token<Prometheus | undefined>('Prometheus'),
  database: token<Database>('Database'),
  databaseMetrics: token<DatabaseMetrics | undefined>('DatabaseMetrics'),
  observers: token<Observers>('Observers'),
  guarded: token<GuardedDatabase>('GuardedDatabase'),
  distribution: token<CitusDistribution>('CitusDistribution'),
};

/** Where this run keeps its tasks. */
export interface Storage {
  readonly kind: 'memory' | 'embedded' | 'external';
  /** For people: a folder, or a host and database, never a password. */
  readonly place: string;
}

interface Database extends Storage {
  readonly url: string;
  /** Past any pooler, for migrations. */
  readonly directUrl: string;
  close(): Promise<void>;
}

export interface CompositionOptions extends Pick<EmbeddedPostgresOptions, 'report' | 'whenInUse'> {
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * The one place where ports meet adapters. Nothing is opened before it is asked for; what was opened, `close` closes.
 * @throws {InvalidSettings}
 */
export function compose(options: CompositionOptions): Container {
  const settings = readSettings(options.environment);
  const container = new Container({ defaultScope: 'Singleton' });
  container.bind(TOKENS.settings).toConstantValue(settings);
  container.bind(TOKENS.log).toResolvedValue(createLogger, [TOKENS.settings]);
  container.bind(TOKENS.clock).toConstantValue(systemClock);
  container.bind(TOKENS.ids).toConstantValue(new UuidGenerator());
  container.bind(TOKENS.useCases).toResolvedValue(taskUseCases, [TOKENS.tasks, TOKENS.clock, TOKENS.ids]);

  bindObservation(container, settings);
  if (settings.STORAGE === 'memory') bindMemory(container);
  else bindPostgres(container, settings, options);
  return container;
}

/** The pool goes before the database that it is connected to. */
export async function close(container: Container): Promise<void> {
  for (const connections of [TOKENS.senders, TOKENS.knex]) {
    if (container.isBound(connections)) await container.unbindAsync(connections);
  }
  await container.unbindAllAsync();
}

function bindObservation(container: Container, settings: Settings): void {
  container
    .bind(TOKENS.traces)
    .toResolvedValue((log) => openTraces(settings, log), [TOKENS.log])
    .onDeactivation((opened) => opened?.close());
  container.bind(PARTS.prometheus).toResolvedValue(() => (settings.METRICS === 'on' ? new Prometheus() : undefined));
  container.bind(TOKENS.metrics).toResolvedValue((kept) => kept && new RequestMetrics(kept), [PARTS.prometheus]);
}

function bindMemory(container: Container): void {
  container.bind(TOKENS.storage).toConstantValue({ kind: 'memory', place: 'this process' });
  container.bind(TOKENS.tasks).toResolvedValue(() => new InMemoryTaskRepository());
  container.bind(TOKENS.readiness).toConstantValue(alwaysReady);
}

function bindPostgres(container: Container, settings: Settings, options: CompositionOptions): void {
  container
    .bind(PARTS.database)
    .toResolvedValue(() => openDatabase(settings, options))
    .onDeactivation((opened) => opened.close());
  container.bind(TOKENS.storage).toResolvedValue((opened) => opened, [PARTS.database]);
  bindConnections(container, settings);
  container.bind(TOKENS.tasks).toResolvedValue(
    (opened, ways, watching, counting) => {
      counting?.watch(() => ({ ...opened.load, pipelines: ways.load() }));
      return new KnexTaskRepository(opened, ways, rowsOver(ways, settings, watching));
    },
    [PARTS.guarded, TOKENS.senders, PARTS.observers, PARTS.databaseMetrics],
  );
  container
    .bind(TOKENS.readiness)
    .toResolvedValue(
      (opened, log) => new DatabaseReadiness(opened, (message) => log.warn(message)),
      [PARTS.guarded, TOKENS.log],
    );
  bindOperatorCommands(container);
}

/** What talks to the server: pipelines for statements that need no session, and a pool for all others. */
function bindConnections(container: Container, settings: Settings): void {
  const maxConnections = settings.DATABASE_POOL_MAX;
  const prepared = settings.DATABASE_PREPARED === 'on';
  const pipelines = settings.DATABASE_PIPELINE === 'on' ? pipelinesOf(maxConnections) : 0;
  container
    .bind(PARTS.databaseMetrics)
    .toResolvedValue((kept) => kept && new DatabaseMetrics(kept, REASONS), [PARTS.prometheus]);
  container
    .bind(PARTS.observers)
    .toResolvedValue((metrics, traces) => ({ metrics, traces }), [PARTS.databaseMetrics, TOKENS.traces]);
  container
    .bind(TOKENS.knex)
    .toResolvedValue(
      ({ url }, log, metrics) =>
        connect(url, {
          maxConnections: maxConnections - pipelines,
          warn: (message) => log.warn(message),
          metrics,
        }),
      [PARTS.database, TOKENS.log, PARTS.databaseMetrics],
    )
    .onDeactivation((knex) => knex.destroy());
  container
    .bind(PARTS.guarded)
    .toResolvedValue(
      (knex, metrics) => new GuardedDatabase(knex, maxConnections, metrics),
      [TOKENS.knex, PARTS.databaseMetrics],
    );
  container
    .bind(TOKENS.senders)
    .toResolvedValue(
      ({ url }, knex, observers) =>
        pipelines === 0
          ? pooledSenders(knex, prepared, observers)
          : pipelinedSenders(knex, { url, maxConnections, prepared, observers }),
      [PARTS.database, TOKENS.knex, PARTS.observers],
    )
    .onDeactivation((opened) => opened.close());
}

function bindOperatorCommands(container: Container): void {
  container
    .bind(TOKENS.migrator)
    .toResolvedValue(({ directUrl }) => new Migrator(directUrl), [PARTS.database])
    .onDeactivation((migrator) => migrator.close());
  container.bind(TOKENS.erasure).toResolvedValue((opened) => new KnexTaskErasure(opened), [PARTS.guarded]);
  container
    .bind(PARTS.distribution)
    .toResolvedValue(({ directUrl }) => new CitusDistribution(directUrl), [PARTS.database])
    .onDeactivation((opened) => opened.close());
  container.bind(TOKENS.operatorUseCases).toResolvedValue(operatorUseCases, [TOKENS.erasure, PARTS.distribution]);
}

const rowsOver = (senders: Senders, { DATABASE_COALESCE }: Settings, observers: Observers): TaskRows =>
  DATABASE_COALESCE === 'on' ? new BatchedTaskRows(senders, observers) : new SingleTaskRows(senders);

/** What is not wanted is not even loaded. */
async function openTraces(settings: Settings, log: Logger): Promise<OpenTelemetry | undefined> {
  if (!areTracesOn(settings)) return undefined;
  const { OpenTelemetry } = await import('./infrastructure/tracing/open-telemetry.ts');
  return new OpenTelemetry((message) => log.warn(message));
}

/** The embedded database is ours alone, so it is migrated at once. Any other one is migrated when its owner says so. */
async function openDatabase(settings: Settings, { report, whenInUse }: CompositionOptions): Promise<Database> {
  const { DATABASE_URL, DATABASE_DIRECT_URL, DATA_DIR: dataDir } = settings;
  const url = DATABASE_URL ?? DATABASE_DIRECT_URL;
  if (url !== undefined) {
    const directUrl = DATABASE_DIRECT_URL ?? url;
    const { host, pathname } = new URL(url);
    return { kind: 'external', place: `${host}${pathname}`, url, directUrl, close: async () => {} };
  }
  const postgres = await EmbeddedPostgres.open({ dataDir, report, whenInUse });
  const migrator = new Migrator(postgres.url);
  try {
    await migrator.up();
  } catch (error) {
    await postgres.close();
    throw error;
  } finally {
    await migrator.close();
  }
  const { directory: place, url: embeddedUrl } = postgres;
  return { kind: 'embedded', place, url: embeddedUrl, directUrl: embeddedUrl, close: () => postgres.close() };
}
