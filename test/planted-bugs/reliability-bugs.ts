import type { PlantedBug } from './adapter-bugs.ts';

const POSTGRES = 'src/infrastructure/postgres';
const DATABASE = `${POSTGRES}/database.ts`;
const DIALECT = `${POSTGRES}/connection/postgres-dialect.ts`;
const ERRORS = `${POSTGRES}/resilience/errors.ts`;
const REPOSITORY = `${POSTGRES}/task-repository.ts`;
const MAIN = 'src/interfaces/http/main.ts';

const harness = (name: string): string[] => ['--project=reliability*', `test/reliability/${name}.reliability.test.ts`];
const DATABASE_TESTS = ['--project=unit', 'test/infrastructure/database.test.ts'];
const DIALECT_TESTS = ['--project=integration', 'test/infrastructure/postgres-dialect.integration.test.ts'];
const CONNECT_TESTS = ['--project=integration', 'test/infrastructure/connect.integration.test.ts'];
const USE_CASE_TESTS = ['--project=unit', 'test/application'];

/** What breaks services when something else breaks: each is noticed by the tests that it names. */
export const RELIABILITY_BUGS: readonly PlantedBug[] = [
  {
    name: 'the pool lends a connection whose query timed out',
    file: DIALECT,
    find: 'if (isSpent(error)) {',
    put: 'if (isSpent(error) && query === undefined) {',
    tests: DIALECT_TESTS,
  },
  {
    name: 'an operator command waits without a limit for a response',
    file: `${POSTGRES}/connection/connect.ts`,
    find: 'query_timeout: 6_000',
    put: 'query_timeout: 0',
    tests: CONNECT_TESTS,
  },
  {
    name: 'a commit that the server rolled back counts as done',
    file: DIALECT,
    find: 'if (/^commit;?$/i.test(query.sql)) assertCommitted(executed as Executed);',
    put: '',
    tests: DIALECT_TESTS,
  },
  {
    name: 'the server lets statements wait for ever',
    file: 'migrations/20261121090000_bound_statements.ts',
    find: `statement_timeout: '4s',\n  lock_timeout: '2s'`,
    put: `statement_timeout: '0',\n  lock_timeout: '0'`,
    tests: harness('exhaustion'),
  },
  {
    name: 'liveness asks the database',
    file: 'src/interfaces/http/health-routes.ts',
    find: `async () => ({ status: 'alive' as const })`,
    put: `async () => ({ status: ((await readiness.obstacle()) ?? 'alive') as 'alive' })`,
    tests: ['--project=unit', 'test/interfaces/http/failures.test.ts'],
  },
  {
    name: 'a database that wakes up is given up',
    file: DATABASE,
    find: 'const RETRY_TIMEOUT_MS = 2_500;',
    put: 'const RETRY_TIMEOUT_MS = 1_500;',
    tests: DATABASE_TESTS,
  },
  {
    name: 'the circuit breaker lets every statement through',
    file: DATABASE,
    find: 'if (this.#breaker.allow()) return;',
    put: 'if (this.#breaker.allow() || this.#retryBudget >= 0) return;',
    tests: DATABASE_TESTS,
  },
  {
    name: 'nothing is retried',
    file: DATABASE,
    find: `if (fault === 'unreachable') return true;`,
    put: 'if (fault !== undefined) return false;',
    tests: harness('database-crashes'),
  },
  {
    name: 'a statement is given up before its time',
    file: DATABASE,
    find: 'if (left <= 0 || ',
    put: 'if (left <= Math.random() * 1_000 || ',
    tests: DATABASE_TESTS,
  },
  {
    name: 'a request may take for ever',
    file: 'src/interfaces/http/protocol/limits.ts',
    find: 'deadlineMs: 12_000',
    put: 'deadlineMs: 3_600_000',
    tests: ['--project=unit', 'test/interfaces/http/failures.test.ts'],
  },
  {
    name: 'a write is retried although it may have taken effect',
    file: DATABASE,
    find: `(fault === 'lost' && retryClass !== 'write')`,
    put: `fault === 'lost'`,
    tests: harness('unknown-outcome'),
  },
  {
    name: 'each attempt to create has an id of its own',
    file: REPOSITORY,
    find: 'const [row] = await this.#database.query(CREATE_TASK, values, options);',
    put: `const query = { ...CREATE_TASK, retry: "write" as const };
    const attempt = () => this.#database.query(query, { ...values, id: crypto.randomUUID() }, options);
    const [row] = await attempt().catch(attempt);`,
    tests: harness('unknown-outcome'),
  },
  {
    name: 'a repetition of our own is announced as one of the client',
    file: 'src/application/create-task.ts',
    find: 'repeated && name !== undefined',
    put: 'repeated',
    tests: USE_CASE_TESTS,
  },
  {
    name: 'a repeated create brings a deleted task back',
    file: 'src/application/create-task.ts',
    find: `if (repeated && task.deletedAt !== null) return fail({ kind: 'task-deleted' });`,
    put: '',
    tests: ['--project=unit', 'test/interfaces/http/task-api.test.ts'],
  },
  {
    name: 'commits are acknowledged before they are on disk',
    file: `${POSTGRES}/connection/connection-settings.ts`,
    find: `enableChannelBinding,
`,
    put: `enableChannelBinding,
    options: '-c synchronous_commit=off',
`,
    tests: harness('database-crashes'),
  },
  {
    name: 'a full disk counts as a bug of the service',
    file: ERRORS,
    find: `[/^(53...|58...)$/, 'full'],`,
    put: '',
    tests: harness('database-states'),
  },
  {
    name: 'the pool keeps a connection to a standby',
    file: ERRORS,
    find: `['25006', '26000', '42P05']`,
    put: `['26000', '42P05']`,
    tests: DIALECT_TESTS,
  },
  {
    name: 'the feed is in no order',
    file: `${POSTGRES}/sql/changes.ts`,
    find: `      .orderBy('revision');`,
    put: `      .orderBy('id');`,
    tests: harness('followers'),
  },
  {
    name: 'connections are closed before the last requests are answered',
    file: MAIN,
    find: `      await http.close();\n      clearTimeout(cut);\n      await close(container);`,
    put: `      await close(container);\n      await http.close();\n      clearTimeout(cut);`,
    tests: harness('stop'),
  },
  {
    name: 'nobody is told that the service stops',
    file: MAIN,
    find: 'stopping.abort();',
    put: '',
    tests: harness('stop'),
  },
];
