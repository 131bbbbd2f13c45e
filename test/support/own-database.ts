import pg from 'pg';
import { inject } from 'vitest';

/** Runs a test on a clone of the migrated database that is its own, and drops it afterwards. */
export async function withOwnDatabase(use: (url: string) => Promise<void>): Promise<void> {
  const template = new URL(inject('templateUrl'));
  const name = `${template.pathname.slice(1)}_${Math.random().toString(36).slice(2, 10)}`;
  const url = new URL(template);
  url.pathname = `/${name}`;

  await onServer((client) => client.query(`create database ${name} template ${template.pathname.slice(1)}`));
  try {
    await use(url.href);
  } finally {
    await onServer((client) => client.query(`drop database ${name} with (force)`));
  }
}

async function onServer(use: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: inject('directUrl') });
  await client.connect();
  await use(client).finally(() => client.end());
}
