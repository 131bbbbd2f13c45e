import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '../../src/infrastructure/postgres/connection/connect.ts';
import { startService } from '../support/service-process.ts';
import { Cluster } from './support/cluster.ts';

const PASSWORD = 'correct horse';

let folder: string;
let cluster: Cluster;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'task-service-tls-'));
  // An authority of our own, and a server that it has certified under its address.
  openssl('req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.crt');
  openssl('req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr');
  openssl('x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -sha256 -out server.crt');

  cluster = await Cluster.create();
  await cluster.query(`create role secured login password '${PASSWORD}'`);
  await cluster.query('grant all on all tables in schema public to secured');
  for (const file of ['server.key', 'server.crt']) {
    copyFileSync(join(folder, file), join(cluster.folder, 'data', file));
    chmodSync(join(cluster.folder, 'data', file), 0o600);
  }
  await cluster.own(join(cluster.folder, 'data'));
  await cluster.query('alter system set ssl = on');
  await cluster.write('data/pg_hba.conf', 'hostssl all secured all scram-sha-256\nhost all postgres all trust\n');
  await cluster.stop('fast');
  await cluster.start();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Without a shell's care for words, which none of them needs. */
const openssl = (command: string) => execFileSync('openssl', command.split(' '), { cwd: folder, stdio: 'pipe' });

const secured = (host: string, query: string) =>
  `postgres://secured:${encodeURIComponent(PASSWORD)}@${host}:${cluster.port}/postgres?${query}`;

async function session(url: string): Promise<{ encrypted: boolean }> {
  const knex = connect(url, { maxConnections: 1, warn: () => {} });
  try {
    const { rows } = await knex.raw('select ssl as encrypted from pg_stat_ssl where pid = pg_backend_pid()');
    return rows[0];
  } finally {
    await knex.destroy();
  }
}

it.each(['require', 'verify-full'])('is encrypted, by an authority that the URL names: sslmode=%s', async (mode) => {
  const url = secured('localhost', `sslmode=${mode}&sslrootcert=${join(folder, 'ca.crt')}`);
  expect(await session(url)).toEqual({ encrypted: true });
});

it.each(['require', 'prefer'])('binds the password to the channel: channel_binding=%s', async (binding) => {
  const url = secured('localhost', `sslmode=require&sslrootcert=${join(folder, 'ca.crt')}&channel_binding=${binding}`);
  expect(await session(url)).toEqual({ encrypted: true });
});

it('is refused when nobody who is trusted has certified the server', async () => {
  await expect(session(secured('localhost', 'sslmode=require'))).rejects.toThrow(/certificate/);
});

it('is refused when the certificate is for another name', async () => {
  const url = secured('127.0.0.1', `sslmode=verify-full&sslrootcert=${join(folder, 'ca.crt')}`);
  await expect(session(url)).rejects.toThrow(/does not match certificate/);
});

it('serves over it, without a warning', async () => {
  const DATABASE_URL = secured('localhost', `sslmode=require&sslrootcert=${join(folder, 'ca.crt')}`);
  const service = await startService({ DATABASE_URL });
  expect((await fetch(`${service.baseUrl}/api/alice/tasks`)).status).toBe(200);
  expect(await service.stop()).toBe(0);
  expect(service.stderr).not.toMatch(/warning/i);
});
