import type { PlantedBug } from './adapter-bugs.ts';

const POSTGRES = 'src/infrastructure/postgres';
const CONTAINER = 'src/container.ts';
const SINGLE = `${POSTGRES}/task-statements.ts`;
const LIST = `${POSTGRES}/list-statement.ts`;
const BATCH = `${POSTGRES}/batch-statements.ts`;
const BATCHES = `${POSTGRES}/batches.ts`;
const ROWS = `${POSTGRES}/batched-task-rows.ts`;
const CONNECTION = `${POSTGRES}/pipelined-connection.ts`;
const PIPELINE = `${POSTGRES}/pipeline.ts`;
const SENDERS = `${POSTGRES}/senders.ts`;
const POOLED = `${POSTGRES}/pooled-sender.ts`;
const DIALECT = `${POSTGRES}/postgres-dialect.ts`;
const ERRORS = `${POSTGRES}/database-errors.ts`;
const STATEMENT = `${POSTGRES}/statement.ts`;
const PAGE = `${POSTGRES}/task-page.ts`;
const MIGRATOR = `${POSTGRES}/migrator.ts`;

const unit = (name: string): string[] => ['--project=unit', `test/infrastructure/${name}.test.ts`];
const integration = (name: string): string[] => [
  '--project=integration',
  `test/infrastructure/${name}.integration.test.ts`,
];
const STATEMENTS_TESTS = unit('task-statements');
const ROWS_TESTS = unit('batched-task-rows');
const PIPELINE_TESTS = integration('pipeline');
const BATCH_TESTS = integration('batch-statements');
const PAGE_TESTS = integration('task-page');
const MIGRATOR_TESTS = integration('migrator');
const CONTAINER_TESTS = ['--project=unit', 'test/container.test.ts'];

/** What can go wrong between the repository and the server: answers that go astray, and connections that are kept. */
export const DATABASE_BUGS: readonly PlantedBug[] = [
  // Whose a row is
  {
    name: 'any row is of the task that was asked for',
    file: SINGLE,
    find: 'row.user_id === owner && row.id === id;',
    put: 'row.user_id !== undefined || owner === id;',
    tests: STATEMENTS_TESTS,
  },
  {
    name: 'a row of the owner is of the task that was asked for',
    file: SINGLE,
    find: 'row.user_id === owner && row.id === id;',
    put: 'row.user_id === owner || row.id === id;',
    tests: STATEMENTS_TESTS,
  },
  {
    name: 'any counter is that of the owner',
    file: SINGLE,
    find: '(row, { owner }) => row.user_id === owner,',
    put: '() => true,',
    tests: STATEMENTS_TESTS,
  },
  {
    name: 'any row is of the list',
    file: LIST,
    find: 'user_id === owner && isOf(owner, tasks);',
    put: 'user_id === owner || isOf(owner, tasks);',
    tests: STATEMENTS_TESTS,
  },
  {
    name: 'the counter of a list is not looked at',
    file: LIST,
    find: 'user_id === owner && isOf(owner',
    put: 'owner.length > 0 && isOf(owner',
    tests: STATEMENTS_TESTS,
  },
  {
    name: 'of the owners on a page, only the first is looked at',
    file: PAGE,
    find: 'min(user_id), max(user_id)',
    put: 'min(user_id), min(user_id)',
    tests: PAGE_TESTS,
  },
  {
    name: 'of the owners on a page, only the last is looked at',
    file: PAGE,
    find: 'page.user_id.every(',
    put: 'page.user_id.slice(1).every(',
    tests: PAGE_TESTS,
  },
  {
    name: 'any row is of the feed',
    file: `${POSTGRES}/changes-statement.ts`,
    find: 'user_id === owner && isOf(owner, tasks);',
    put: 'user_id === owner || isOf(owner, tasks);',
    tests: STATEMENTS_TESTS,
  },
  {
    name: 'any row is of the batch',
    file: BATCH,
    find: 'names.has(nameOf(id, user_id));',
    put: 'names.size > 0 || id === user_id;',
    tests: STATEMENTS_TESTS,
  },
  {
    name: 'the name of a task leaves the owner out',
    file: BATCH,
    find: '(id: string, owner: string): string => id + owner;',
    put: '(id: string, _owner: string): string => id;',
    tests: STATEMENTS_TESTS,
  },
  {
    name: 'rows that do not belong are left out silently',
    file: STATEMENT,
    find: 'if (rows.every((row) => isAnswer(row, values))) return rows;',
    put: 'if (rows.length > -1) return rows.filter((row) => isAnswer(row, values));',
    tests: unit('statement'),
  },
  {
    name: 'a statement has the name of another one',
    file: STATEMENT,
    find: `createHash('sha256').update(text)`,
    put: `createHash('sha256').update(purpose)`,
    tests: unit('statement'),
  },
  {
    name: 'two shapes of a list share a statement',
    file: LIST,
    find: 'Object.values(shape).join();',
    put: 'Object.values(shape).slice(0, -1).join();',
    tests: STATEMENTS_TESTS,
  },

  // Batches
  {
    name: 'read answers go by their order',
    file: ROWS,
    find: 'return keys.map((key) => rows.get(nameOfTask(key)));',
    put: 'return keys.map((_key, n) => [...rows.values()][n]);',
    tests: ROWS_TESTS,
  },
  {
    name: 'written answers go by their order',
    file: ROWS,
    find: 'return replacements.map((replacement) => stored.get(nameOfTask(replacement)) ?? sendAlone(replacement));',
    put: 'return replacements.map((replacement, n) => [...stored.values()][n] ?? sendAlone(replacement));',
    tests: ROWS_TESTS,
  },
  {
    name: 'who is left out of a batch has nothing',
    file: ROWS,
    find: 'stored.get(nameOfTask(replacement)) ?? sendAlone(replacement)',
    put: 'stored.get(nameOfTask(replacement))',
    tests: ROWS_TESTS,
  },
  {
    name: 'who goes alone holds up a pipeline',
    file: ROWS,
    find: 'new SingleTaskRows({ reads: searches, searches, writes: [searches], mayWait })',
    put: 'new SingleTaskRows({ reads, searches, writes, mayWait })',
    tests: ROWS_TESTS,
  },
  {
    name: 'a batch writes one task twice',
    file: ROWS,
    find: ' keyOf: nameOfTask,',
    put: '',
    tests: ROWS_TESTS,
  },
  {
    name: 'a second write of a task overtakes the first',
    file: BATCHES,
    find: '      keys.add(key);\n    }',
    put: '    }',
    tests: unit('batches'),
  },
  {
    name: 'the member that fails takes its batch along',
    file: ROWS,
    find: `= ['rolled-back', 'refused'];`,
    put: '= [];',
    tests: ROWS_TESTS,
  },
  {
    name: 'a lost batch of writes is sent again, one by one',
    file: ROWS,
    find: `= ['rolled-back', 'refused'];`,
    put: `= ['rolled-back', 'refused', 'lost'];`,
    tests: ROWS_TESTS,
  },
  {
    name: 'any batch that failed is sent again, one by one',
    file: BATCHES,
    find: 'members.length > 1 && this.#options.isOfOneMember(error)',
    put: 'members.length > 1',
    tests: unit('batches'),
  },
  {
    name: 'those who wait for a lost batch wait on',
    file: BATCHES,
    find: 'if (!this.#options.isOfOneMember(error)) this.#turnAway(error);',
    put: '',
    tests: unit('batches'),
  },
  {
    name: 'a batch that failed is followed by none',
    file: BATCHES,
    find: `    } finally {
      this.#underWay--;`,
    put: `      return;
    }
    {
      this.#underWay--;`,
    tests: unit('batches'),
  },
  {
    name: 'a batch may have any size',
    file: BATCHES,
    find: 'const MAX_MEMBERS = 64;',
    put: 'const MAX_MEMBERS = 64_000;',
    tests: unit('batches'),
  },
  {
    name: 'a batch of one waits for locks',
    file: SINGLE,
    find: 'where user_id = :owner for update skip locked',
    put: 'where user_id = :owner for update',
    tests: BATCH_TESTS,
  },
  {
    name: 'a batch of one raises a counter for what is there already',
    file: SINGLE,
    find: `where l.user_id = free.user_id
      and not exists (select 1 from public.tasks where user_id = :owner and id = :id)`,
    put: 'where l.user_id = free.user_id and :id::uuid is not null',
    tests: BATCH_TESTS,
  },
  {
    name: 'the only change of a batch is not made if its owner is locked',
    file: ROWS,
    find: 'UPDATE_IF_FREE, only))[0] ?? sendAlone(only)',
    put: 'UPDATE_IF_FREE, only))[0]',
    tests: ROWS_TESTS,
  },
  {
    name: 'the only birth of a batch is lost if its owner is new or locked',
    file: ROWS,
    find: 'if (row !== undefined) return [row];',
    put: 'if (only !== undefined) return [row];',
    tests: ROWS_TESTS,
  },
  {
    name: 'a batch of births waits for locks',
    file: BATCH,
    find: `join fresh f on f.user_id = l.user_id and f.place = 1
    for update of l skip locked`,
    put: `join fresh f on f.user_id = l.user_id and f.place = 1
    for update of l`,
    tests: BATCH_TESTS,
  },
  {
    name: 'a batch of changes waits for locks',
    file: BATCH,
    find: `join present p on p.user_id = l.user_id and p.place = 1
    for update of l skip locked`,
    put: `join present p on p.user_id = l.user_id and p.place = 1
    for update of l`,
    tests: BATCH_TESTS,
  },
  {
    name: 'all writes of a locked owner wait in the pool',
    file: ROWS,
    find: 'if (turn === undefined) return',
    put: 'if (owner !== undefined) return',
    tests: ROWS_TESTS,
  },
  {
    name: 'statements that wait for locks take the whole pool',
    file: `${POSTGRES}/owner-turns.ts`,
    find: 'if (this.#free > 0) this.#free--;',
    put: 'if (this.#free > 0 || this.#waiting.length === 0) this.#free--;',
    tests: unit('owner-turns'),
  },
  {
    name: 'who waited for a statement that took too long is sent all the same',
    file: `${POSTGRES}/owner-turns.ts`,
    find: 'if (OF_ITSELF.includes(faultOf(error))) resolve();',
    put: 'if (error !== undefined) resolve();',
    tests: unit('owner-turns'),
  },
  {
    name: 'all births of an owner in a batch have one revision',
    file: BATCH,
    find: 'head.revision - f.places + f.place',
    put: 'head.revision',
    tests: BATCH_TESTS,
  },
  {
    name: 'all changes of an owner in a batch have one revision',
    file: BATCH,
    find: 'head.revision - p.places + p.place',
    put: 'head.revision',
    tests: BATCH_TESTS,
  },
  {
    name: 'a batch of births raises a counter by one',
    file: BATCH,
    find: `l.revision + locked.places
    from locked where l.user_id = locked.user_id
    returning l.user_id, l.revision),
  born`,
    put: `l.revision + 1
    from locked where l.user_id = locked.user_id
    returning l.user_id, l.revision),
  born`,
    tests: BATCH_TESTS,
  },
  {
    name: 'a batch of changes raises a counter for those who come too late',
    file: BATCH,
    find: 't.user_id = w.user_id and t.id = w.id and t.revision = w.expected),',
    put: 't.user_id = w.user_id and t.id = w.id),',
    tests: BATCH_TESTS,
  },
  {
    name: 'the writes of an owner go any way',
    file: `${POSTGRES}/task-rows.ts`,
    find: 'return all[(hash >>> 0) % all.length] as T;',
    put: 'return all[Math.floor(Math.random() * all.length)] as T;',
    tests: ROWS_TESTS,
  },
  {
    name: 'the writes of all owners go one way',
    file: `${POSTGRES}/task-rows.ts`,
    find: 'return all[(hash >>> 0) % all.length] as T;',
    put: 'return all[0] as T;',
    tests: ROWS_TESTS,
  },

  // Connections
  {
    name: 'a crossed answer leaves the connection in use',
    file: CONNECTION,
    find: 'if (error instanceof CrossedAnswer) this.#cut();\n      else if',
    put: 'if',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'a crossed answer leaves the connection in the pool',
    file: POOLED,
    find: 'if (error instanceof CrossedAnswer) dispose(connection, error);',
    put: '',
    tests: unit('pooled-sender'),
  },
  {
    name: 'a connection is not given back after an error',
    file: POOLED,
    find: `    } finally {
      await client.releaseConnection(connection);
    }`,
    put: `    } finally {
      if (!connection.__knex__disposed) await client.releaseConnection(connection);
    }`,
    tests: unit('pooled-sender'),
  },
  {
    name: 'an answer over a pipeline is not looked at',
    file: CONNECTION,
    find: 'const answers = answersOf(statement, values, rows);',
    put: 'const answers = rows;',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'an answer over the pool is not looked at',
    file: POOLED,
    find: 'const rows = answersOf(statement, values, response.rows);',
    put: 'const rows = response.rows;',
    tests: unit('pooled-sender'),
  },
  {
    name: 'an error leaves the connection open',
    file: CONNECTION,
    find: `client.on('error', cut);`,
    put: `client.on('error', () => {});`,
    tests: PIPELINE_TESTS,
  },
  {
    name: 'a silent connection is never given up',
    file: CONNECTION,
    find: 'now - oldest.since > patience',
    put: 'now < oldest.since',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'an idle connection is taken for a silent one as soon as it is used',
    file: CONNECTION,
    find: 'const inFlight: InFlight = { since: performance.now() };',
    put: 'const inFlight: InFlight = { since: this.#answeredAt };',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'a slow connection is kept while it answers at all',
    file: CONNECTION,
    find: 'now - oldest.since > patience',
    put: 'silentFor > patience',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'a silent connection that is in use is trusted although another one is dead',
    file: CONNECTION,
    find: 'this.#isDistrusted ? PROOF_WITHIN_MS : ANSWER_WITHIN_MS',
    put: 'ANSWER_WITHIN_MS',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'a connection is blamed for the time in which the process was stopped',
    file: CONNECTION,
    find: 'if (wasPaused) {',
    put: 'if (wasPaused && now < 0) {',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'a slow connection makes the others distrusted',
    file: CONNECTION,
    find: 'if (silentFor > SILENCE_MS) this.#onSilence();',
    put: 'this.#onSilence();',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'opening has no limit once it is connected',
    file: CONNECTION,
    find: 'await client.connect();\n',
    put: 'await client.connect();\n      clearTimeout(patience);\n',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'an idle connection is kept for ever',
    file: CONNECTION,
    find: '(!oldest && silentFor > IDLE_FOR_MS)',
    put: '(!oldest && silentFor < 0)',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'a spent connection stays in use',
    file: CONNECTION,
    find: 'else if (isSpent(error)) void this.retire();',
    put: '',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'a spent connection is cut at once',
    file: CONNECTION,
    find: 'else if (isSpent(error)) void this.retire();',
    put: 'else if (isSpent(error)) this.#cut();',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'a server that has forgotten a statement is asked on and on',
    file: ERRORS,
    find: `['25006', '26000', '42P05'].includes(code)`,
    put: `['25006', '42P05'].includes(code)`,
    tests: PIPELINE_TESTS,
  },
  {
    name: 'a server that has said goodbye is asked on and on',
    file: ERRORS,
    find: 'IS_FAREWELL.test(code)',
    put: 'false',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'a plan that is out of date is asked for on and on',
    file: ERRORS,
    find: '/Query read timeout|cached plan must not change result type/',
    put: '/Query read timeout/',
    tests: unit('database-errors'),
  },
  {
    name: 'nobody else is told of a silent connection',
    file: CONNECTION,
    find: 'if (silentFor > SILENCE_MS) this.#onSilence();\n',
    put: '',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'the other pipelines are trusted when one is silent',
    file: SENDERS,
    find: 'for (const pipeline of pipelines) pipeline.distrust();',
    put: '',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'the pool is trusted when a pipeline is silent',
    file: SENDERS,
    find: '(knex.client as PostgresDialect).distrust();',
    put: '',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'the pool lends connections that are distrusted',
    file: DIALECT,
    find: 'return openedAt > this.distrustedAt;',
    put: 'return openedAt > 0;',
    tests: integration('postgres-dialect'),
  },
  {
    name: 'a connection that is not understood stays open',
    file: DIALECT,
    find: `        connection.connection.stream.destroy();
        throw error;`,
    put: '        throw error;',
    tests: integration('postgres-dialect'),
  },
  {
    name: 'a statement waits for the answer to the one before',
    file: CONNECTION,
    find: 'pipeline: true',
    put: 'pipeline: false',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'each statement is written by itself',
    file: CONNECTION,
    find: 'stream.cork();\n',
    put: '',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'a transaction is begun on a pipeline',
    file: CONNECTION,
    find: 'if (direct) await client.query(PLAN_ALONG_INDEXES);',
    put: `if (direct) await client.query(PLAN_ALONG_INDEXES).then(() => client.query('begin'));`,
    tests: PIPELINE_TESTS,
  },
  {
    name: 'everybody opens a connection of their own',
    file: PIPELINE,
    find: 'this.#opening ??=',
    put: 'this.#opening =',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'closing leaves what is under way',
    file: CONNECTION,
    find: '    await this.retire();\n    clearTimeout(patience);',
    put: '    this.#cut();\n    clearTimeout(patience);',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'closing leaves a connection that is retiring',
    file: PIPELINE,
    find: '[...this.#connections].map((connection) => connection.close())',
    put: '[this.#connection].map((connection) => connection?.close())',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'closing waits for any answer',
    file: CONNECTION,
    find: 'const patience = setTimeout(() => this.#cut(), FAREWELL_MS);',
    put: 'const patience = setTimeout(() => {}, FAREWELL_MS);',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'what is closed is opened again',
    file: PIPELINE,
    find: 'this.#isClosed = true;',
    put: '',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'who throws at the end of a turn stops all others',
    file: `${POSTGRES}/end-of-turn.ts`,
    find: '    if (waiting.length > 0) setImmediate(callAll);\n',
    put: '',
    tests: unit('end-of-turn'),
  },
  {
    name: 'the first century is taken for the twentieth',
    file: `${POSTGRES}/driver-types.ts`,
    find: `if (text.startsWith('00')) return parseAny(text);`,
    put: '',
    tests: unit('driver-types'),
  },

  // Poolers
  {
    name: 'no pooler is recognised',
    file: `${POSTGRES}/is-direct.ts`,
    find: 'return rows[0].pid ===',
    put: 'return rows[0].pid > 0 ||',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'a pipeline leads to a pooler',
    file: PIPELINE,
    find: 'return connection.isDirect ? connection.send(statement, values, named) : fallback.send(statement, values);',
    put: 'return connection.send(statement, values, named);',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'what is set stays behind at a pooler',
    file: CONNECTION,
    find: 'if (direct) await client.query(PLAN_ALONG_INDEXES);',
    put: 'await client.query(PLAN_ALONG_INDEXES);',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'statements are named at a pooler',
    file: POOLED,
    find: 'this.#named && connection.isDirect ?',
    put: 'this.#named ?',
    tests: PIPELINE_TESTS,
  },

  // Switches
  {
    name: 'DATABASE_COALESCE=off changes nothing',
    file: CONTAINER,
    find: `DATABASE_COALESCE === 'on' ?`,
    put: `DATABASE_COALESCE !== undefined ?`,
    tests: CONTAINER_TESTS,
  },
  {
    name: 'DATABASE_PIPELINE=off changes nothing',
    file: CONTAINER,
    find: `settings.DATABASE_PIPELINE === 'on' ?`,
    put: `settings.DATABASE_PIPELINE !== undefined ?`,
    tests: CONTAINER_TESTS,
  },
  {
    name: 'DATABASE_PREPARED=off changes nothing',
    file: CONTAINER,
    find: `const prepared = settings.DATABASE_PREPARED === 'on';`,
    put: `const prepared = settings.DATABASE_PREPARED !== undefined;`,
    tests: CONTAINER_TESTS,
  },
  {
    name: 'pipelines name statements that are not to be kept',
    file: SENDERS,
    find: 'named: prepared, fallback: searches',
    put: 'named: true, fallback: searches',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'the pool beside the pipelines names statements that are not to be kept',
    file: SENDERS,
    find: 'const searches = new PooledSender(knex, { named: prepared, observers });',
    put: 'const searches = new PooledSender(knex, { named: true, observers });',
    tests: PIPELINE_TESTS,
  },
  {
    name: 'pipelines come on top of the connections that are allowed',
    file: CONTAINER,
    find: 'maxConnections: maxConnections - pipelines,',
    put: 'maxConnections,',
    tests: CONTAINER_TESTS,
  },

  // Migrations
  {
    name: 'the lock of migrations is away for a moment when it is freed',
    file: MIGRATOR,
    find: 'await lock().update({ is_locked: 0 });',
    put: 'await this.#knex.migrate.forceFreeMigrationsLock();',
    tests: MIGRATOR_TESTS,
  },
  {
    name: 'of several locks of migrations all are kept',
    file: MIGRATOR,
    find: `await lock().where('index', '>', lock().min('index')).del();`,
    put: '',
    tests: MIGRATOR_TESTS,
  },
  {
    name: 'migrators do not keep each other away',
    file: MIGRATOR,
    find: 'if (!rows[0].is_ours) return undefined;',
    put: '',
    tests: MIGRATOR_TESTS,
  },
];
