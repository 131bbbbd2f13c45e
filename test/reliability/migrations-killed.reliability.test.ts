import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, it, vi } from 'vitest';
import { migrationDirectory } from '../../src/infrastructure/postgres/migrations/source.ts';
import { emptyDatabase } from '../support/empty-database.ts';
import { MIGRATE, ProgramProcess, run } from '../support/service-process.ts';
import { FaultProxy } from './support/fault-proxy.ts';
import { PATIENCE_MS, seeded, size, tell } from './support/sizes.ts';

const KILLS = size('MIGRATION_KILLS', 4, 20);
const RACES = size('MIGRATION_RACES', 1, 20);
const AT_ONCE = 3;

const LATENCY_MS = 10;

const known = await migrationDirectory.getMigrations([]);

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(sql).finally(() => client.end());
  return rows;
}

/** All that migrations make, in the words of the server. */
async function schemaOf(url: string): Promise<string[]> {
  const rows = await ask(
    url,
    `select format('%s.%s %s', table_name, column_name, data_type) as line from information_schema.columns
       where table_schema = 'public'
     union all select indexdef from pg_indexes where schemaname = 'public'
     union all select pg_get_constraintdef(c.oid) from pg_constraint c where connamespace = 'public'::regnamespace
     order by 1`,
  );
  return rows.map(({ line }) => String(line));
}

const migrate = (url: string, ...action: string[]) => run([...MIGRATE, ...action], { DATABASE_URL: url });

/** As an operator would who is told that the lock is held. @returns what it took */
async function bringUp(url: string): Promise<string> {
  const first = await migrate(url);
  if (first.code === 0) return 'again';
  expect(first.stderr).toContain('unlock');
  expect(await migrate(url, 'unlock')).toMatchObject({ code: 0 });
  expect(await migrate(url)).toMatchObject({ code: 0 });
  return 'unlock';
}

describe.concurrent('migrations', () => {
  it(`are right after a rerun, whenever they are killed: ${KILLS} times`, { timeout: PATIENCE_MS }, async ({
    onTestFinished,
  }) => {
    const random = seeded();
    const whole = await emptyDatabase(onTestFinished);
    // Far away, so that there is time between two of its messages.
    const way = await FaultProxy.before(Number(new URL(whole).port));
    onTestFinished(() => way.close());
    await way.set({ kind: 'latency', ms: LATENCY_MS });
    expect(await migrate(way.through(whole))).toMatchObject({ code: 0 });
    const messages = way.pieces;
    const right = await schemaOf(whole);
    const points: string[] = [];
    const remedies: string[] = [];

    for (let n = 0; n < KILLS; n++) {
      const url = await emptyDatabase(onTestFinished);
      const killed = new ProgramProcess(MIGRATE, { DATABASE_URL: way.through(url) });
      const until = way.pieces + Math.ceil((messages * (n + random.next())) / KILLS);
      while (way.pieces < until) await sleep(1);
      await killed.stop('SIGKILL');
      const done = await ask(url, "select to_regclass('knex_migrations') as there").then(
        ([row]) => row?.['there'] !== null,
      );
      points.push(done ? `${(await ask(url, 'select name from knex_migrations')).length} of ${known.length}` : 'none');

      remedies.push(await bringUp(url));
      expect(await schemaOf(url)).toEqual(right);
      expect(await migrate(url, 'down')).toMatchObject({ code: 0 });
      expect(await migrate(url, 'up')).toMatchObject({ code: 0 });
      expect(await schemaOf(url)).toEqual(right);
    }
    tell('migrations killed', {
      seed: random.seed,
      kills: KILLS,
      'messages of a migrator': messages,
      'applied when killed': points.join(' / '),
      'mended by another run': remedies.filter((remedy) => remedy === 'again').length,
      'mended by unlock': remedies.filter((remedy) => remedy === 'unlock').length,
    });
  });

  it('need no unlocking when they are killed between a change and its record', async ({ onTestFinished }) => {
    const url = await emptyDatabase(onTestFinished);
    const way = await FaultProxy.before(Number(new URL(url).port));
    onTestFinished(() => way.close());
    await way.set({ kind: 'killOn', pattern: /insert into .*knex_migrations"/i, times: 1 });

    const killed = new ProgramProcess(MIGRATE, { DATABASE_URL: way.through(url) });
    await vi.waitFor(() => expect(way.kills).toBe(1), { timeout: 10_000, interval: 1 });
    await killed.stop('SIGKILL');

    expect(await migrate(url)).toMatchObject({ code: 0, stdout: expect.stringContaining(`applied ${known[0]}`) });
  });

  it(`are applied once by ${AT_ONCE} migrators at a time: ${RACES} times`, { timeout: PATIENCE_MS }, async ({
    onTestFinished,
  }) => {
    for (let n = 0; n < RACES; n++) {
      const url = await emptyDatabase(onTestFinished);
      const runs = await Promise.all(Array.from({ length: AT_ONCE }, () => migrate(url)));
      expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual(Array(AT_ONCE).fill({ code: 0, stderr: '' }));
      const applied = runs.flatMap(({ stdout }) => stdout.split('\n')).filter((line) => line.startsWith('applied '));
      expect(applied).toHaveLength(known.length);
    }
    tell('migrators at once', { migrators: AT_ONCE, races: RACES });
  });

  it('can be unlocked as documented when a lock is left behind', async ({ onTestFinished }) => {
    const url = await emptyDatabase(onTestFinished);
    expect(await migrate(url)).toMatchObject({ code: 0 });
    await migrate(url, 'down');
    await ask(url, 'update knex_migrations_lock set is_locked = 1');

    expect(await migrate(url, 'unlock')).toMatchObject({ code: 0 });
    expect(await migrate(url)).toMatchObject({ code: 0, stdout: expect.stringContaining('applied') });
  });

  it('refuse a host that is a pooler by its name', async () => {
    const { code, messages } = await migrate('postgres://someone@ep-some-pooler.invalid/tasks');
    expect(code).toBe(1);
    expect(messages.join('\n')).toMatch(/DATABASE_DIRECT_URL|pooler/);
  });
});
