import envSchema from 'env-schema';
import { type Static, Type } from 'typebox';

const ORIGIN = 'https?://[^/,\\s]+';

/** Markdown, a line or two first that do for a table. */
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
 * What the service can be told by environment variables: `title` says what is allowed, `description` what it is for. The
 * first paragraph of a description goes to README.md and .env.example, all of it to docs/configuration.md: `npm run docs`
 * writes them, and a test holds them to what is said here.
 */
export const SettingsSchema = Type.Object({
  DATABASE_URL: postgresUrl(
    paragraphs(
      'PostgreSQL to use, 15 or newer. Unset: an embedded one under DATA_DIR.',
      'Special characters in the user or the password are percent-encoded: `p@ss` becomes `p%40ss`. Parameters follow a ' +
        '`?`; [TLS](#tls) has the ones that matter.',
    ),
  ),
  DATABASE_DIRECT_URL: postgresUrl(
    paragraphs(
      'The same database without a transaction pooler in between, for migrations. Unset: DATABASE_URL.',
      '`npm run migrate`, `npm run distribute` and the knex command line use it; the service does not, unless it is the ' +
        'only one that is set.',
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
        'nine. Connections open on demand and close after 30 seconds without use. Migrations use up to two more.',
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
      'A relative path starts at the folder in which the service is started. Not used with `DATABASE_URL` or ' +
        '`STORAGE=memory`.',
    ),
  }),
  STORAGE: Type.Enum(['postgres', 'memory'], {
    default: 'postgres',
    title: 'postgres or memory',
    description: paragraphs(
      'Where tasks are kept. In memory they are gone when the process ends.',
      'In memory there is no database of any kind, and the other database settings are not looked at. It is meant for ' +
        'trying out a client and for tests. It keeps the same contract as PostgreSQL, but looks through all tasks of an ' +
        'owner for each list, and several processes share nothing. There is nothing to migrate.',
    ),
  }),
  HOST: Type.String({
    default: '127.0.0.1',
    title: 'a host name or address',
    description: paragraphs(
      'Where to listen. There is no authentication: think before you open it to a network.',
      'The default is this machine alone. In a container it must be `0.0.0.0` or `::`. Whoever can reach the port ' +
        '[can do everything](../SECURITY.md).',
    ),
  }),
  PORT: Type.Integer({
    minimum: 0,
    maximum: 65_535,
    default: 3_000,
    title: 'a whole number from 0 to 65535',
    description: 'The port to listen on. 0 takes any free one, which the log and the lines at start tell.',
  }),
  SHUTDOWN_DELAY_MS: Type.Integer({
    minimum: 0,
    maximum: 5_000,
    default: 1_000,
    title: 'a whole number from 0 to 5000',
    description: paragraphs(
      'How long SIGTERM leaves load balancers to notice, in milliseconds, before nothing new is accepted.',
      'Meanwhile `/readyz` answers 503 and every answer closes its connection, so that load balancers and clients go ' +
        'elsewhere. Make it longer than the interval at which yours asks for readiness. `SIGINT`, as from Ctrl-C, does ' +
        'not wait.',
    ),
  }),
  LOG_LEVEL: Type.Enum(LOG_LEVELS, {
    default: 'info',
    title: `one of ${LOG_LEVELS.join(', ')}`,
    description: paragraphs('The least severe messages to log.', 'At `info` there is a line for each request.'),
  }),
  METRICS: onOrOff(
    paragraphs(
      'Whether requests and statements are counted, and GET /metrics tells it.',
      'It is told in the text format of Prometheus. With `off` nothing is counted and there is no such route. There is no ' +
        'authentication: whoever can reach the port can read it, though no owner, path or text is in it. ' +
        '[What is told](observability.md).',
    ),
  ),
  OTEL_TRACES_EXPORTER: Type.Optional(
    Type.Enum(['otlp', 'none'], {
      title: 'otlp or none',
      examples: ['otlp'],
      description: paragraphs(
        'Whether requests are traced. Unset: if OTEL_EXPORTER_OTLP_ENDPOINT is set.',
        'What is not wanted is not even loaded. [What a trace holds](observability.md#traces).',
      ),
    }),
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({
      pattern: '^https?://',
      title: 'a URL like http://127.0.0.1:4318',
      examples: ['http://127.0.0.1:4318'],
      description: paragraphs(
        'The collector that is told of traces, by OTLP over HTTP with JSON.',
        'To the URL `/v1/traces` is added. Further standard variables are obeyed, such as `OTEL_EXPORTER_OTLP_HEADERS`, ' +
          '`OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES`.',
      ),
    }),
  ),
  REQUIRE_IF_MATCH: Type.Boolean({
    default: false,
    title: 'true or false',
    description: paragraphs(
      'Whether a change is refused when its If-Match does not say which revision is meant.',
      'With `true`, replacing, changing, completing, deleting and restoring a task without `If-Match` is refused with 428, ' +
        'so that no client can overwrite what it has not seen by forgetting the header. `If-Match: *` is allowed: it says ' +
        'on purpose that any revision will do. Creating and reading are not concerned.',
    ),
  }),
  CORS_ORIGINS: Type.Optional(
    Type.String({
      pattern: `^${ORIGIN}(\\s*,\\s*${ORIGIN})*$`,
      title: 'a comma separated list of origins like https://app.example.com',
      examples: ['https://app.example.com, http://localhost:5173'],
      description: paragraphs(
        'Origins of pages that may call the service from a browser. Unset: none.',
        'Each has a scheme and no path. There is no wildcard. An origin that is not listed gets its answer without CORS ' +
          'headers, so that the browser keeps it from the page. Pages may send `If-Match`, `If-None-Match` and ' +
          '`Idempotency-Key`, and read `ETag`, `Link` and the other headers that [the API](api.md#headers) answers with.',
        'This is a rule for browsers and no protection of the service: other clients do not care about it.',
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

/** What a pattern cannot tell: whether they can be taken apart. */
const URLS = ['DATABASE_URL', 'DATABASE_DIRECT_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;

export const areTracesOn = ({ OTEL_TRACES_EXPORTER: exporter, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: Settings) =>
  (exporter ?? (endpoint === undefined ? 'none' : 'otlp')) === 'otlp';

const lineFor = (name: keyof Settings): string =>
  `${name} must be ${(SettingsSchema.properties[name] as { title?: string }).title}`;
