import envSchema from 'env-schema';
import { type Static, Type } from 'typebox';

const ORIGIN = 'https?://[^/,\\s]+';

const postgresUrl = (description: string) =>
  Type.Optional(
    Type.String({
      pattern: '^postgres(ql)?://',
      title: 'a URL like postgres://user:password@host:5432/database',
      description,
    }),
  );

const onOrOff = (description: string) => Type.Enum(['on', 'off'], { default: 'on', title: 'on or off', description });

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/**
 * What the service can be told by environment variables: `title` says what is allowed, `description` what it is for.
 * `.env.example` lists the same; a test compares the two.
 */
export const SettingsSchema = Type.Object({
  DATABASE_URL: postgresUrl('PostgreSQL to use. Unset: an embedded one under DATA_DIR'),
  DATABASE_DIRECT_URL: postgresUrl(
    'The same database for migrations, where DATABASE_URL goes through a transaction pooler',
  ),
  DATABASE_POOL_MAX: Type.Integer({
    minimum: 1,
    maximum: 1_000,
    default: 10,
    title: 'a whole number from 1 to 1000',
    description: 'Most connections to the database at a time',
  }),
  DATABASE_PREPARED: onOrOff(
    'Whether the server keeps statements that are sent again. Off for poolers that mix them up',
  ),
  DATABASE_PIPELINE: onOrOff('Whether short statements share connections, without waiting for each other'),
  DATABASE_COALESCE: onOrOff('Whether what is asked for at the same time shares a statement'),
  DATA_DIR: Type.String({
    default: '.data',
    title: 'a path',
    description: 'Where the embedded database keeps its files',
  }),
  STORAGE: Type.Enum(['postgres', 'memory'], {
    default: 'postgres',
    title: 'postgres or memory',
    description: 'Where tasks are kept. In memory they are gone when the process ends',
  }),
  HOST: Type.String({ default: '127.0.0.1', title: 'a host name or address', description: 'Where to listen' }),
  PORT: Type.Integer({
    minimum: 0,
    maximum: 65_535,
    default: 3_000,
    title: 'a whole number from 0 to 65535',
    description: 'Where to listen. 0 takes any free port, which the log and the banner tell',
  }),
  SHUTDOWN_DELAY_MS: Type.Integer({
    minimum: 0,
    maximum: 5_000,
    default: 1_000,
    title: 'a whole number from 0 to 5000',
    description: 'How long SIGTERM leaves load balancers to notice, in milliseconds, before nothing new is accepted',
  }),
  LOG_LEVEL: Type.Enum(LOG_LEVELS, {
    default: 'info',
    title: `one of ${LOG_LEVELS.join(', ')}`,
    description: 'The least severe messages to log',
  }),
  METRICS: onOrOff('Whether requests and statements are counted, and GET /metrics tells it'),
  OTEL_TRACES_EXPORTER: Type.Optional(
    Type.Enum(['otlp', 'none'], {
      title: 'otlp or none',
      description: 'Whether requests are traced. Unset: if OTEL_EXPORTER_OTLP_ENDPOINT is set',
    }),
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({
      pattern: '^https?://',
      title: 'a URL like http://127.0.0.1:4318',
      description: 'The collector that is told of traces, by OTLP over HTTP with JSON',
    }),
  ),
  REQUIRE_IF_MATCH: Type.Boolean({
    default: false,
    title: 'true or false',
    description: 'Whether a change is refused when its If-Match does not say which revision is meant',
  }),
  CORS_ORIGINS: Type.Optional(
    Type.String({
      pattern: `^${ORIGIN}(\\s*,\\s*${ORIGIN})*$`,
      title: 'a comma separated list of origins like https://app.example.com',
      description: 'Where pages come from that may call the service in a browser. Unset: none',
    }),
  ),
});

export type Settings = Static<typeof SettingsSchema>;

/** One line for each wrong variable. Never a value: it may hold a password. */
export class InvalidSettings extends Error {
  override readonly name = 'InvalidSettings';
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

/**
 * A variable that is set to nothing counts as unset, as in a copied `.env.example`.
 * @throws {InvalidSettings}
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const data = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  try {
    const settings = envSchema<Settings>({ schema: SettingsSchema, data, env: false });
    const malformed = URLS.filter((name) => settings[name] !== undefined && !URL.canParse(settings[name]));
    if (malformed.length === 0) return settings;
    throw new InvalidSettings(malformed.map(lineFor));
  } catch (error) {
    if (error instanceof InvalidSettings) throw error;
    const faults = (error as { errors?: { instancePath: string }[] }).errors ?? [];
    const names = new Set(faults.map(({ instancePath }) => instancePath.slice(1) as keyof Settings));
    throw new InvalidSettings([...names].map(lineFor));
  }
}

/** What a pattern cannot tell: whether they can be taken apart. */
const URLS = ['DATABASE_URL', 'DATABASE_DIRECT_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;

export const areTracesOn = ({ OTEL_TRACES_EXPORTER: exporter, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: Settings) =>
  (exporter ?? (endpoint === undefined ? 'none' : 'otlp')) === 'otlp';

const lineFor = (name: keyof Settings): string =>
  `${name} must be ${(SettingsSchema.properties[name] as { title?: string }).title}`;
