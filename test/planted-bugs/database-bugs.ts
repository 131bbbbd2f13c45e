import type { PlantedBug } from './adapter-bugs.ts';

const POSTGRES = 'src/infrastructure/postgres';
const SINGLE = `${POSTGRES}/sql/single.ts`;
const BATCH = `${POSTGRES}/sql/batch.ts`;
const LIST = `${POSTGRES}/sql/list.ts`;
const PAGE = `${POSTGRES}/sql/page.ts`;
const STATEMENT = `${POSTGRES}/sql/statement.ts`;
const CONNECTION = `${POSTGRES}/connection/lane-connection.ts`;
const PREPARED = `${POSTGRES}/connection/prepared-query.ts`;
const LANE = `${POSTGRES}/scheduling/lane.ts`;
const CONNECTIONS = `${POSTGRES}/scheduling/connections.ts`;
const LANES = `${POSTGRES}/scheduling/lanes.ts`;
const QUEUE = `${POSTGRES}/scheduling/fair-queue.ts`;
const SCHEDULER = `${POSTGRES}/scheduling/scheduler.ts`;
const ERRORS = `${POSTGRES}/resilience/errors.ts`;
const MIGRATOR = `${POSTGRES}/migrations/migrator.ts`;

const unit = (name: string): string[] => ['--project=unit', `test/infrastructure/${name}.test.ts`];
const integration = (name: string): string[] => [
  '--project=integration',
  `test/infrastructure/${name}.integration.test.ts`,
];
const STATEMENT_TESTS = unit('statement');
const TASK_STATEMENT_TESTS = unit('task-statements');
const BATCH_TESTS = integration('batch-statements');
const CONNECTION_TESTS = integration('lane-connection');
const LANES_TESTS = integration('lanes');
const PAGE_TESTS = integration('task-page');
const SHARD_TESTS = integration('one-shard');
const MIGRATOR_TESTS = integration('migrator');
const SCHEDULER_TESTS = ['--project=unit', 'test/infrastructure/scheduling'];

const bug = (tests: readonly string[], file: string, name: string, find: string, put: string): PlantedBug => ({
  name,
  file,
  find,
  put,
  tests,
});

/** Bugs between the repository and the server: misplaced results, unfair queues and connections that are kept. */
export const DATABASE_BUGS: readonly PlantedBug[] = [
  // Results
  bug(
    TASK_STATEMENT_TESTS,
    SINGLE,
    'accepts any row as the task that was asked for',
    'row.user_id === owner && row.id === id;',
    'row.user_id !== undefined || owner === id;',
  ),
  bug(
    TASK_STATEMENT_TESTS,
    SINGLE,
    'accepts any row of the user as the task that was asked for',
    'row.user_id === owner && row.id === id;',
    'row.user_id === owner || row.id === id;',
  ),
  bug(
    TASK_STATEMENT_TESTS,
    BATCH,
    'accepts any counter as that of the user',
    '(row, { owner }) => row.user_id === owner,',
    '() => true,',
  ),
  bug(
    TASK_STATEMENT_TESTS,
    LIST,
    'accepts a list with tasks of other users',
    'user_id === owner && isOf(owner, tasks);',
    'user_id === owner || isOf(owner, tasks);',
  ),
  bug(
    TASK_STATEMENT_TESTS,
    LIST,
    'does not check whose counter a list has',
    'user_id === owner && isOf(owner, tasks);',
    'owner.length > 0 && isOf(owner, tasks);',
  ),
  bug(
    TASK_STATEMENT_TESTS,
    `${POSTGRES}/sql/changes.ts`,
    'accepts changes of other users',
    'user_id === owner && isOf(owner, tasks);',
    'user_id === owner || isOf(owner, tasks);',
  ),
  bug(
    PAGE_TESTS,
    PAGE,
    'checks only the first user of a page',
    'min(user_id), max(user_id)',
    'min(user_id), min(user_id)',
  ),
  bug(PAGE_TESTS, PAGE, 'checks only the last user of a page', 'page.user_id.every(', 'page.user_id.slice(1).every('),
  bug(
    STATEMENT_TESTS,
    STATEMENT,
    'drops rows of another request silently',
    'if ((rows as Row[]).every((row) => matches(row, values))) return rows as Row[];',
    'if (rows.length > -1) return (rows as Row[]).filter((row) => matches(row, values));',
  ),
  bug(
    STATEMENT_TESTS,
    STATEMENT,
    'drops rows of another request silently, in a batch',
    'if (own === undefined) throw new MisplacedRow(label);\n        own.push(row);',
    'own?.push(row);',
  ),
  bug(
    STATEMENT_TESTS,
    STATEMENT,
    'hands out the rows of a batch by their order',
    'return items.map((values) => rowsOf.get(keyOf(values)) as Row[]);',
    'return items.map((_values, n) => (rows as Row[]).slice(n, n + 1));',
  ),
  bug(
    STATEMENT_TESTS,
    STATEMENT,
    'swaps the results of two pages in one statement',
    'filter(({ copy }) => copy === n)',
    'filter(({ copy }) => copy === items.length - 1 - n)',
  ),
  bug(
    STATEMENT_TESTS,
    STATEMENT,
    'does not check the rows of pages in one statement',
    `          resultOf(
            (rows as (Row & { copy: number })[]).filter(({ copy }) => copy === n),
            values,
          ),`,
    '          (rows as (Row & { copy: number })[]).filter(({ copy }) => copy === n || values === resultOf),',
  ),
  bug(
    STATEMENT_TESTS,
    STATEMENT,
    'gives two statements one name',
    `createHash('sha256').update(text)`,
    `createHash('sha256').update(label)`,
  ),
  bug(
    TASK_STATEMENT_TESTS,
    BATCH,
    'leaves the user out of the key of a row',
    '({ id, user_id }: TaskRow): string => id + user_id;',
    '({ id }: TaskRow): string => id;',
  ),
  bug(
    TASK_STATEMENT_TESTS,
    LIST,
    'shares one statement between two shapes of a list',
    'Object.values(shape).join();',
    'Object.values(shape).slice(0, -1).join();',
  ),
  bug(
    TASK_STATEMENT_TESTS,
    LIST,
    'runs searches on the lane of pages',
    'shape.withTotal || shape.hasText ||',
    'shape.withTotal ||',
  ),

  // Batches in SQL
  bug(
    BATCH_TESTS,
    SINGLE,
    'waits for a locked counter',
    'not exists (select 1 from existing) for update skip locked',
    'not exists (select 1 from existing) for update',
  ),
  bug(BATCH_TESTS, SINGLE, 'waits for a locked task', '      for update skip locked', '      for update'),
  bug(
    BATCH_TESTS,
    SINGLE,
    'skips locked counters only, and waits for a locked task',
    '      for update skip locked',
    '      for update of l skip locked',
  ),
  bug(
    BATCH_TESTS,
    SINGLE,
    'raises the counter for a replayed create',
    'where user_id = :owner and not exists (select 1 from existing) for update skip locked',
    'where user_id = :owner for update skip locked',
  ),
  bug(
    BATCH_TESTS,
    BATCH,
    'waits for locked counters, in a batch',
    'for update of l skip locked),',
    'for update of l),',
  ),
  bug(BATCH_TESTS, BATCH, 'waits for locked tasks, in a batch', 'for update of t skip locked),', 'for update of t),'),
  bug(
    BATCH_TESTS,
    BATCH,
    'gives all tasks of a user in a batch one revision',
    'head.revision - w.places + w.place',
    'head.revision',
  ),
  bug(
    BATCH_TESTS,
    BATCH,
    'raises the counter by one, whatever the size of the batch',
    'l.revision + free.places',
    'l.revision + 1',
  ),
  bug(
    BATCH_TESTS,
    BATCH,
    'raises the counter for a change of another revision, in a batch',
    't.user_id = w.user_id and t.id = w.id and t.revision = w.expected\n    for update',
    't.user_id = w.user_id and t.id = w.id\n    for update',
  ),
  bug(
    BATCH_TESTS,
    STATEMENT,
    'waits for locks as long as the server allows',
    `as lock_timeout) as bounded`,
    `as lock_timeout where false union all select '') as bounded`,
  ),
  bug(BATCH_TESTS, STATEMENT, 'leaves the lock timeout in the session', `ms', true)`, `ms', false)`),

  // Scheduling
  bug(
    SCHEDULER_TESTS,
    LANE,
    'sends two writes of one task at once',
    `      keys.add(item.key);
`,
    '',
  ),
  bug(
    SCHEDULER_TESTS,
    LANE,
    'lets a later write of a task pass an earlier one',
    `if (keys.has(item.key)) return 'wait';`,
    `if (keys.has(item.key)) return Math.random() < 0.5 ? 'wait' : 'take';`,
  ),
  bug(
    SCHEDULER_TESTS,
    LANE,
    'sends statements of aborted requests',
    "        drop(item);\n        return 'drop';",
    "        if (now > item.expiresAt) drop(item);\n        return now > item.expiresAt ? 'drop' : 'take';",
  ),
  bug(
    SCHEDULER_TESTS,
    LANE,
    'keeps aborted requests in the queue',
    'this.#queue.remove((waiting) => isOver(waiting, now))',
    'this.#queue.remove(() => false)',
  ),
  bug(
    SCHEDULER_TESTS,
    LANE,
    'sends a batch with an unknown outcome again, item by item',
    `fault === 'rolled-back' || fault === 'refused' ||`,
    `fault === 'rolled-back' || fault === 'lost' || fault === 'refused' ||`,
  ),
  bug(
    SCHEDULER_TESTS,
    LANE,
    'fails all items of a batch because of one',
    'return batchSize > 1 && isHarmless;',
    'return batchSize > 64 && isHarmless;',
  ),
  bug(
    SCHEDULER_TESTS,
    LANE,
    'swaps the results of a batch',
    'resolve(results[n] as unknown[]);',
    'resolve(results[batch.length - 1 - n] as unknown[]);',
  ),
  bug(
    SCHEDULER_TESTS,
    LANE,
    'sends two statements at once on a connection',
    '      this.#execute(connection, batch);\n',
    '      this.#execute(connection, batch);\n      if (this.#queue.size > 5) this.#connections.release(connection);\n',
  ),
  bug(
    SCHEDULER_TESTS,
    CONNECTIONS,
    'opens more connections than a lane may have',
    'this.#all.size + this.#opening >= this.#options.size',
    'this.#all.size >= this.#options.size',
  ),
  bug(
    SCHEDULER_TESTS,
    LANE,
    'gives one user all connections for scans',
    `options.name === 'scan' ?`,
    `options.name === undefined ?`,
  ),
  bug(
    SCHEDULER_TESTS,
    LANE,
    'puts several queries into a statement on Citus',
    'canBatch ? Math.min(',
    'canBatch || true ? Math.min(',
  ),
  bug(
    SCHEDULER_TESTS,
    QUEUE,
    'serves the user who came first until nothing of them waits',
    `      if (items.length === 0 || item !== undefined) this.#waiting.delete(userId);
      if (items.length > 0 && item !== undefined) this.#waiting.set(userId, items);
`,
    `      if (items.length === 0) this.#waiting.delete(userId);
`,
  ),
  bug(
    SCHEDULER_TESTS,
    QUEUE,
    'gives one user more than a share while others wait',
    'inFlight >= this.#share && this.#waiting.size > 1',
    'inFlight >= this.#limit && this.#waiting.size > 1',
  ),
  bug(
    SCHEDULER_TESTS,
    QUEUE,
    'does not end the share of a finished item',
    '(this.#inFlight.get(userId) ?? 0) - 1;',
    '(this.#inFlight.get(userId) ?? 0);',
  ),
  bug(
    SCHEDULER_TESTS,
    SCHEDULER,
    'gives up a write that met a lock',
    'decided.length > 0 ? decided : this.#runIsolated(query, values, options)',
    'decided',
  ),
  bug(
    SCHEDULER_TESTS,
    SCHEDULER,
    'waits for locks on the lane of all writes',
    `this.#enqueue('isolated', query,`,
    `this.#enqueue('write', query,`,
  ),
  bug(SCHEDULER_TESTS, SCHEDULER, 'retries a locked write without a pause', '      await sleep(delay);\n', ''),
  bug(
    SCHEDULER_TESTS,
    SCHEDULER,
    'retries a locked write without an end',
    '|| performance.now() + delay > giveUpAt)',
    '|| delay > 10_000)',
  ),
  bug(
    SHARD_TESTS,
    SCHEDULER,
    'never puts two requests into one statement',
    'read: 64, write: 64, isolated: 1, page: 4, scan: 1',
    'read: 1, write: 1, isolated: 1, page: 1, scan: 1',
  ),

  // Connections
  bug(
    CONNECTION_TESTS,
    CONNECTION,
    'keeps a connection with a row of another request',
    'if (error === null || isSpent(failure)) this.#destroy();',
    'if (isSpent(failure)) this.#destroy();',
  ),
  bug(
    CONNECTION_TESTS,
    CONNECTION,
    'does not check whether rows match their request',
    'resolve(statement.resultOf(rows, values));',
    'resolve(rows as Result);',
  ),
  bug(
    CONNECTION_TESTS,
    CONNECTION,
    'keeps a connection that serves no further statement',
    'if (error === null || isSpent(failure)) this.#destroy();',
    'if (error === null) this.#destroy();',
  ),
  bug(
    CONNECTION_TESTS,
    CONNECTION,
    'keeps a connection after a protocol error',
    `for (const event of ['error', 'end'] as const) client.on(event, () => this.#destroy());`,
    `client.on('error', () => {});`,
  ),
  bug(
    CONNECTION_TESTS,
    CONNECTION,
    'keeps a silent connection',
    'now - Math.max(this.#sentAt, this.#heardAt) > SILENCE_TIMEOUT_MS',
    'now < this.#sentAt',
  ),
  bug(
    CONNECTION_TESTS,
    CONNECTION,
    'closes a connection while a long result arrives',
    'now - Math.max(this.#sentAt, this.#heardAt) > SILENCE_TIMEOUT_MS',
    'now - this.#sentAt > SILENCE_TIMEOUT_MS',
  ),
  bug(
    CONNECTION_TESTS,
    CONNECTION,
    'counts idle time as silence',
    'now - Math.max(this.#sentAt, this.#heardAt) > SILENCE_TIMEOUT_MS',
    'now - this.#heardAt > SILENCE_TIMEOUT_MS',
  ),
  bug(
    CONNECTION_TESTS,
    CONNECTION,
    'counts a pause of the process as silence',
    ' || now - this.#checkedAt > PAUSE_MS',
    '',
  ),
  bug(CONNECTION_TESTS, CONNECTION, 'does not report a silent connection', '      this.#onSilence();\n', ''),
  bug(
    CONNECTION_TESTS,
    CONNECTION,
    'waits without a limit for a server that accepted the connection',
    'await client.connect();\n',
    'await client.connect();\n      clearTimeout(timeout);\n',
  ),
  bug(
    CONNECTION_TESTS,
    CONNECTION,
    'keeps an idle connection',
    'now - this.#usedAt > IDLE_TIMEOUT_MS ||',
    'now < this.#usedAt ||',
  ),
  bug(CONNECTION_TESTS, CONNECTION, 'keeps a connection beyond its lifetime', ' || now > this.#retireAt', ''),
  bug(
    CONNECTION_TESTS,
    CONNECTION,
    'waits without a limit for a connection to close',
    'setTimeout(() => this.#destroy(), CLOSE_TIMEOUT_MS)',
    'setTimeout(() => {}, CLOSE_TIMEOUT_MS)',
  ),
  bug(
    CONNECTION_TESTS,
    CONNECTION,
    'recognizes no pooler',
    'server?.pid === (client',
    'server?.pid !== undefined || 0 === (client',
  ),
  bug(
    CONNECTION_TESTS,
    CONNECTION,
    'leaves settings behind at a pooler',
    'if (isDirect && !hasCitus) await',
    'if (!hasCitus) await',
  ),
  bug(
    CONNECTION_TESTS,
    CONNECTION,
    'leaves a lock timeout behind at a pooler',
    'if (isDirect && lockTimeoutMs !== undefined)',
    'if (lockTimeoutMs !== undefined)',
  ),
  bug(CONNECTION_TESTS, CONNECTION, 'prepares statements at a pooler', 'prepared && isDirect', 'prepared'),
  bug(CONNECTION_TESTS, CONNECTION, 'does not detect Citus', 'this.canBatch = !hasCitus;', 'this.canBatch = true;'),
  bug(
    CONNECTION_TESTS,
    CONNECTION,
    'prepares statements that must not be prepared',
    'this.#isPrepared ? statement :',
    'this.#isPrepared !== undefined ? statement :',
  ),
  bug(
    CONNECTION_TESTS,
    PREPARED,
    'describes each execution of a prepared statement',
    'this.#columns = isPrepared ?',
    'this.#columns = isPrepared && this.text === this.name ?',
  ),
  bug(
    CONNECTION_TESTS,
    PREPARED,
    'expects no description after a statement that failed before it was described',
    'if (this.#columns === undefined) wire.describe',
    'if (!isPrepared) wire.describe',
  ),
  bug(
    CONNECTION_TESTS,
    PREPARED,
    'sends no Sync after a statement',
    '      wire.sync();\n',
    '      if (isPrepared) wire.sync();\n',
  ),
  bug(
    unit('database-errors'),
    ERRORS,
    'keeps a connection whose plans are out of date',
    '/Query read timeout|cached plan must not change result type/',
    '/Query read timeout/',
  ),
  bug(
    CONNECTION_TESTS,
    ERRORS,
    'keeps a connection that has lost its prepared statements',
    `['25006', '26000', '42P05'].includes(code)`,
    `['25006', '42P05'].includes(code)`,
  ),
  bug(
    CONNECTION_TESTS,
    ERRORS,
    'keeps a connection whose server has become a standby',
    `['25006', '26000', '42P05'].includes(code)`,
    `['26000', '42P05'].includes(code)`,
  ),
  bug(
    unit('database-errors'),
    ERRORS,
    'keeps a connection that the server has ended',
    'IS_FAREWELL.test(code)',
    'false',
  ),
  bug(
    LANES_TESTS,
    LANES,
    'keeps idle connections when another one is silent',
    'onSilence: () => scheduler.onSilence(),',
    'onSilence: () => {},',
  ),
  bug(
    LANES_TESTS,
    LANES,
    'waits for locks of tables on the lane of writes',
    'const WRITE_LOCK_TIMEOUT_MS = 100;',
    'const WRITE_LOCK_TIMEOUT_MS = 2_000;',
  ),
  bug(
    LANES_TESTS,
    CONNECTIONS,
    'counts connections that are closed',
    'connection.isUsable || !this.#all.delete(connection)',
    'connection.isUsable',
  ),
  bug(
    LANES_TESTS,
    CONNECTIONS,
    'leaves a connection open that was being opened when the scheduler closed',
    'if (this.#isClosed) return void connection.close();',
    '',
  ),
  bug(LANES_TESTS, LANE, 'sends queries after it was closed', 'if (this.#isClosed) drop(item);\n    else ', ''),
  bug(
    unit('driver-types'),
    `${POSTGRES}/connection/driver-types.ts`,
    'reads the first century as the twentieth',
    `if (text.startsWith('00')) return parseAny(text);`,
    '',
  ),

  // Settings
  bug(
    ['--project=unit', 'test/container.test.ts'],
    'src/container.ts',
    'ignores DATABASE_PREPARED=off',
    `settings.DATABASE_PREPARED === 'on'`,
    `settings.DATABASE_PREPARED !== undefined`,
  ),
  bug(
    ['--project=unit', 'test/container.test.ts'],
    LANES,
    'opens more connections than DATABASE_POOL_MAX',
    'FURTHER.slice(0, maxConnections - MIN_CONNECTIONS)',
    'FURTHER.slice(0, maxConnections)',
  ),

  // Migrations
  bug(
    MIGRATOR_TESTS,
    MIGRATOR,
    'removes the lock of migrations for a moment when it frees it',
    'await lock().update({ is_locked: 0 });',
    'await this.#knex.migrate.forceFreeMigrationsLock();',
  ),
  bug(
    MIGRATOR_TESTS,
    MIGRATOR,
    'keeps several locks of migrations',
    `await lock().where('index', '>', lock().min('index')).del();`,
    '',
  ),
  bug(MIGRATOR_TESTS, MIGRATOR, 'lets two migrators run at once', 'if (!rows[0].is_ours) return undefined;', ''),
];
