import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject, type onTestFinished } from 'vitest';

/** A database without any table, which is dropped when the test has ended. */
export async function emptyDatabase(whenFinished: typeof onTestFinished): Promise<string> {
  const url = new URL(inject('directUrl'));
  const name = `${url.pathname.slice(1)}_empty_${randomUUID().slice(0, 8)}`;
  await onServer(`create database ${name}`);
  whenFinished(() => onServer(`drop database ${name} with (force)`));
  url.pathname = `/${name}`;
  return url.href;
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('directUrl') });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
