import envSchema from 'env-schema';
import { type Static, Type } from 'typebox';

const ORIGIN = 'https?://[^/,\\s]+';

/** Markdown. The first paragraph is short enough for a table. */
const paragraphs = (...texts: readonly string[]): string => texts.join('\n\n');

const postgresUrl = (description: string) =>
  Type.Optional(
    Type.String({
      pattern: '^postgres(ql)?://',
      title: 'a URL like postgres://user:password@host:5432/database',
      examples: ['postgres://user:password@localhost:5432/tasks'],
      description,
    }),
  );

const onOrOff = (description: string) => Type.Enum(['on', 'off'], { default: 'on', title: 'on or off', description });

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/**
 * The environment variables of the service. `title` is the allowed value, `description` the purpose. `npm run docs` writes
 * the first paragraph of each description to README.md and .env.example, and all of it to docs/configuration.md.
 */
export const SettingsSchema = Type.Object({
  DATABASE_URL: postgresUrl(
    paragraphs(
      'PostgreSQL to use, 15 or newer. Unset: an embedded one under DATA_DIR.',
      'Percent-encode special characters in the user or the password: `p@ss` becomes `p%40ss`. Parameters follow a `?`; ' +
        'see [TLS](#tls).',
    ),
  ),
  DATABASE_DIRECT_URL: postgresUrl(
    paragraphs(
      'The same database without a transaction pooler, for migrations. Unset: DATABASE_URL.',
      '`npm run migrate`, `npm run distribute` and the knex command line use it. The service uses it only if DATABASE_URL ' +
        'is unset.',
    ),
  ),
  DATABASE_POOL_MAX: Type.Integer({
    minimum: 5,
    maximum: 1_000,
    default: 10,
    title: 'a whole number from 5 to 1000',
    description: paragraphs(
      'Most connections to the database at a time.',
      'The number is per process. All processes together should stay below what the server (`max_connections`) or the pooler ' +
        'allows. The service needs one connection for each of its five [lanes](architecture.md#the-scheduler) and uses at most ' +
        'ten. Connections open on demand and close after 30 seconds without use. Migrations use up to two more.',
    ),
  }),
  DATABASE_PREPARED: onOrOff(
    paragraphs(
      'Use prepared statements. Never used behind a pooler.',
      'The server parses and plans a prepared statement once per connection. The service detects poolers, which may send the ' +
        'next statement to another server. Set it to `off` if errors about prepared statements show that it did not ' +
        'detect yours.',
    ),
  ),
  DATA_DIR: Type.String({
    default: '.data',
    title: 'a path',
    description: paragraphs(
      'Where the embedded database keeps its files.',
      'A relative path is relative to the working directory. Not used with `DATABASE_URL` or `STORAGE=memory`.',
    ),
  }),
  STORAGE: Type.Enum(['postgres', 'memory'], {
    default: 'postgres',
    title: 'postgres or memory',
    description: paragraphs(
      'Where tasks are stored. In memory they are lost when the process ends.',
      'With `memory` there is no database, and the other database settings are ignored. It is for tests and for trying ' +
        'out a client. It has the same API as PostgreSQL, but each list reads all tasks of the user, and processes do ' +
        'not share tasks. No migrations are needed.',
    ),
  }),
  HOST: Type.String({
    default: '127.0.0.1',
    title: 'a host name or address',
    description: paragraphs(
      'Address to listen on. There is no authentication, so do not expose it to a network.',
      'The default accepts connections from this machine only. In a container it must be `0.0.0.0` or `::`. Anyone who ' +
        'can reach the port [can act as any user](../SECURITY.md).',
    ),
  }),
  PORT: Type.Integer({
    minimum: 0,
    maximum: 65_535,
    default: 3_000,
    title: 'a whole number from 0 to 65535',
    description: 'Port to listen on. 0 picks a free port and prints it at startup.',
  }),
  SHUTDOWN_DELAY_MS: Type.Integer({
    minimum: 0,
    maximum: 5_000,
    default: 1_000,
    title: 'a whole number from 0 to 5000',
    description: paragraphs(
      'Delay in milliseconds between SIGTERM and closing the port, for load balancers.',
      'Meanwhile `/readyz` is 503 and every response closes its connection, so that load balancers and clients use other ' +
        'processes. Make it longer than the interval of their readiness checks. `SIGINT`, as from Ctrl-C, has no delay.',
    ),
  }),
  LOG_LEVEL: Type.Enum(LOG_LEVELS, {
    default: 'info',
    title: `one of ${LOG_LEVELS.join(', ')}`,
    description: paragraphs('Minimum level of log messages.', '`info` logs each request.'),
  }),
  METRICS: onOrOff(
    paragraphs(
      'Count requests and statements, and expose them at GET /metrics.',
      'In the text format of Prometheus. With `off` nothing is counted and the route does not exist. There is no ' +
        'authentication: anyone who can reach the port can read the [metrics](observability.md). They contain no user id, ' +
        'path or text.',
    ),
  ),
  OTEL_TRACES_EXPORTER: Type.Optional(
    Type.Enum(['otlp', 'none'], {
      title: 'otlp or none',
      examples: ['otlp'],
      description: paragraphs(
        'Trace requests. Unset: only if OTEL_EXPORTER_OTLP_ENDPOINT is set.',
        'Tracing code loads only when enabled. See [traces](observability.md#traces).',
      ),
    }),
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({
      pattern: '^https?://',
      title: 'a URL like http://127.0.0.1:4318',
      examples: ['http://127.0.0.1:4318'],
      description: paragraphs(
        'OTLP endpoint for traces (HTTP with JSON).',
        'The service appends `/v1/traces`. Other standard variables work as well, such as `OTEL_EXPORTER_OTLP_HEADERS`, ' +
          '`OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES`.',
      ),
    }),
  ),
  REQUIRE_IF_MATCH: Type.Boolean({
    default: false,
    title: 'true or false',
    description: paragraphs(
      'Reject changes without If-Match.',
      'With `true`, replacing, changing, completing, deleting and restoring a task without `If-Match` is rejected with ' +
        '428. This prevents lost updates by clients that forget the header. `If-Match: *` is allowed and accepts any ' +
        'revision. Creates and reads are not affected.',
    ),
  }),
  CORS_ORIGINS: Type.Optional(
    Type.String({
      pattern: `^${ORIGIN}(\\s*,\\s*${ORIGIN})*$`,
      title: 'a comma separated list of origins like https://app.example.com',
      examples: ['https://app.example.com, http://localhost:5173'],
      description: paragraphs(
        'Origins that may call the service from a browser. Unset: none.',
        'Each has a scheme and no path. There are no wildcards. A response to another origin has no CORS headers, so the ' +
          'browser hides it from the page. Pages may send `If-Match`, `If-None-Match` and `Idempotency-Key`, and read ' +
          '`ETag`, `Link` and the other [response headers](api.md#headers).',
        'CORS restricts browsers only. It does not protect the service from other clients.',
      ),
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

/** A pattern cannot check whether these can be parsed. */
const URLS = ['DATABASE_URL', 'DATABASE_DIRECT_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;

export const areTracesOn = ({ OTEL_TRACES_EXPORTER: exporter, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: Settings) =>
  (exporter ?? (endpoint === undefined ? 'none' : 'otlp')) === 'otlp';

const lineFor = (name: keyof Settings): string =>
  `${name} must be ${(SettingsSchema.properties[name] as { title?: string }).title}`;
