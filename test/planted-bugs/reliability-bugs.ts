import type { PlantedBug } from './adapter-bugs.ts';

const POSTGRES = 'src/infrastructure/postgres';
const GUARD = `${POSTGRES}/guarded-database.ts`;
const DIALECT = `${POSTGRES}/postgres-dialect.ts`;
const REPOSITORY = `${POSTGRES}/knex-task-repository.ts`;
const MAIN = 'src/interfaces/http/main.ts';

const harness = (name: string): string[] => ['--project=reliability*', `test/reliability/${name}.reliability.test.ts`];
const GUARD_TESTS = ['--project=unit', 'test/infrastructure/guarded-database.test.ts'];
const DIALECT_TESTS = ['--project=integration', 'test/infrastructure/postgres-dialect.integration.test.ts'];
const CONNECT_TESTS = ['--project=integration', 'test/infrastructure/connect.integration.test.ts'];
const USE_CASE_TESTS = ['--project=unit', 'test/application'];

/** What breaks services when something else breaks: each is noticed by the tests that it names. */
export const RELIABILITY_BUGS: readonly PlantedBug[] = [
  {
    name: 'a connection is lent again although its query timed out',
    file: DIALECT,
    find: 'if (isSpent(error)) dispose(connection, error);',
    put: '',
    tests: DIALECT_TESTS,
  },
  {
    name: 'an answer is waited for for ever',
    file: `${POSTGRES}/connect.ts`,
    find: 'query_timeout: 6_000',
    put: 'query_timeout: 0',
    tests: CONNECT_TESTS,
  },
  {
    name: 'a commit that the server refused counts as done',
    file: DIALECT,
    find: 'if (/^commit;?$/i.test(query.sql)) assertCommitted(answered as Answered);',
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
    name: 'nobody is turned away',
    file: GUARD,
    find: 'if (this.#running >= this.#capacity) {',
    put: 'if (this.#running === Number.POSITIVE_INFINITY) {',
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
    file: GUARD,
    find: 'if (isTimeoutOfPool(error) && this.#isWaking() && elapsed < WAKING_WITHIN_MS) continue;',
    put: '',
    tests: GUARD_TESTS,
  },
  {
    name: 'a database that is gone is asked on and on',
    file: GUARD,
    find: 'if (!this.#breaker.admits()) {',
    put: 'if (this.#breaker.isOpen && false) {',
    tests: GUARD_TESTS,
  },
  {
    name: 'nothing is repeated',
    file: GUARD,
    find: `if (fault === 'unreachable') return true;`,
    put: `if (fault !== 'mistake') return false;`,
    tests: harness('database-crashes'),
  },
  {
    name: 'a statement is given up before its time',
    file: GUARD,
    find: 'if (left <= 0 || ',
    put: 'if (left <= Math.random() * 1_000 || ',
    tests: GUARD_TESTS,
  },
  {
    name: 'a request may take for ever',
    file: 'src/interfaces/http/protocol/limits.ts',
    find: 'deadlineMs: 12_000',
    put: 'deadlineMs: 3_600_000',
    tests: ['--project=unit', 'test/interfaces/http/failures.test.ts'],
  },
  {
    name: 'a write is repeated although it may have taken effect',
    file: GUARD,
    find: `(fault === 'lost' && effect !== 'write')`,
    put: `fault === 'lost'`,
    tests: harness('unknown-outcome'),
  },
  {
    name: 'each attempt to create draws an id of its own',
    file: REPOSITORY,
    find: 'this.#rows.insert(columns)',
    put: 'this.#rows.insert({ ...columns, id: crypto.randomUUID() as typeof id })',
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
    file: `${POSTGRES}/connection-settings.ts`,
    find: 'enableChannelBinding,\n',
    put: `enableChannelBinding,\n    options: '-c synchronous_commit=off',\n`,
    tests: harness('database-crashes'),
  },
  {
    name: 'a full disk is a mistake of ours',
    file: `${POSTGRES}/database-errors.ts`,
    find: `[/^(53...|58...)$/, 'full'],`,
    put: '',
    tests: harness('database-states'),
  },
  {
    name: 'a standby is asked on and on',
    file: `${POSTGRES}/database-errors.ts`,
    find: `['25006', '26000', '42P05']`,
    put: `['26000', '42P05']`,
    tests: DIALECT_TESTS,
  },
  {
    name: 'the feed is in no order',
    file: `${POSTGRES}/changes-statement.ts`,
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
