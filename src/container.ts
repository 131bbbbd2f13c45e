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
import { CitusDistribution } from './infrastructure/postgres/citus/distribution.ts';
import { connect } from './infrastructure/postgres/connection/connect.ts';
import { Database } from './infrastructure/postgres/database.ts';
import { Migrator } from './infrastructure/postgres/migrations/migrator.ts';
import { type Observers, UNAVAILABLE_REASONS } from './infrastructure/postgres/observers.ts';
import { KnexTaskErasure } from './infrastructure/postgres/operator-repository.ts';
import { DatabaseReadiness } from './infrastructure/postgres/resilience/readiness.ts';
import { openScheduler } from './infrastructure/postgres/scheduling/lanes.ts';
import type { Scheduler } from './infrastructure/postgres/scheduling/scheduler.ts';
import { KnexTaskRepository } from './infrastructure/postgres/task-repository.ts';
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
  scheduler: token<Scheduler>('Scheduler'),
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
  server: token<Server>('Server'),
  databaseMetrics: token<DatabaseMetrics | undefined>('DatabaseMetrics'),
  observers: token<Observers>('Observers'),
  database: token<Database>('Database'),
  distribution: token<CitusDistribution>('CitusDistribution'),
};

/** Where this run keeps its tasks. */
export interface Storage {
  readonly kind: 'memory' | 'embedded' | 'external';
  /** For people: a folder, or a host and database, never a password. */
  readonly place: string;
}

interface Server extends Storage {
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
  for (const connections of [TOKENS.scheduler, TOKENS.knex]) {
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
    .bind(PARTS.server)
    .toResolvedValue(() => openServer(settings, options))
    .onDeactivation((opened) => opened.close());
  container.bind(TOKENS.storage).toResolvedValue((opened) => opened, [PARTS.server]);
  bindDatabase(container, settings);
  container.bind(TOKENS.tasks).toResolvedValue((opened) => new KnexTaskRepository(opened), [PARTS.database]);
  container
    .bind(TOKENS.readiness)
    .toResolvedValue(
      (opened, log) => new DatabaseReadiness(opened, (message) => log.warn(message)),
      [PARTS.database, TOKENS.log],
    );
  bindOperatorCommands(container);
}

function bindDatabase(container: Container, settings: Settings): void {
  container
    .bind(PARTS.databaseMetrics)
    .toResolvedValue((kept) => kept && new DatabaseMetrics(kept, UNAVAILABLE_REASONS), [PARTS.prometheus]);
  container
    .bind(PARTS.observers)
    .toResolvedValue((metrics, traces) => ({ metrics, traces }), [PARTS.databaseMetrics, TOKENS.traces]);
  container
    .bind(TOKENS.scheduler)
    .toResolvedValue(
      ({ url }, observers) =>
        openScheduler({
          url,
          maxConnections: settings.DATABASE_POOL_MAX,
          prepared: settings.DATABASE_PREPARED === 'on',
          observers,
        }),
      [PARTS.server, PARTS.observers],
    )
    .onDeactivation((scheduler) => scheduler.close());
  container.bind(PARTS.database).toResolvedValue(
    (scheduler, metrics) => {
      const database = new Database(scheduler, metrics);
      metrics?.watch(() => database.load);
      return database;
    },
    [TOKENS.scheduler, PARTS.databaseMetrics],
  );
}

/** They run in a process of their own, with connections of their own. */
function bindOperatorCommands(container: Container): void {
  container
    .bind(TOKENS.migrator)
    .toResolvedValue(({ directUrl }) => new Migrator(directUrl), [PARTS.server])
    .onDeactivation((migrator) => migrator.close());
  container
    .bind(TOKENS.knex)
    .toResolvedValue(
      ({ url }, log) => connect(url, { maxConnections: OPERATOR_CONNECTIONS, warn: (message) => log.warn(message) }),
      [PARTS.server, TOKENS.log],
    )
    .onDeactivation((knex) => knex.destroy());
  container
    .bind(TOKENS.erasure)
    .toResolvedValue((knex, database) => new KnexTaskErasure(knex, database), [TOKENS.knex, PARTS.database]);
  container
    .bind(PARTS.distribution)
    .toResolvedValue(({ directUrl }) => new CitusDistribution(directUrl), [PARTS.server])
    .onDeactivation((opened) => opened.close());
  container.bind(TOKENS.operatorUseCases).toResolvedValue(operatorUseCases, [TOKENS.erasure, PARTS.distribution]);
}

const OPERATOR_CONNECTIONS = 2;

/** What is not wanted is not even loaded. */
async function openTraces(settings: Settings, log: Logger): Promise<OpenTelemetry | undefined> {
  if (!areTracesOn(settings)) return undefined;
  const { OpenTelemetry } = await import('./infrastructure/tracing/open-telemetry.ts');
  return new OpenTelemetry((message) => log.warn(message));
}

/** The embedded database is ours alone, so it is migrated at once. Any other one is migrated when its owner says so. */
async function openServer(settings: Settings, { report, whenInUse }: CompositionOptions): Promise<Server> {
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
