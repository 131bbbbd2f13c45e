import { beforeAll, describe, expect, it, vi } from 'vitest';
import { processesOn } from '../../support/data-folder.ts';
import { Cluster } from './cluster.ts';

describe('a cluster of a test', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await Cluster.create({ max_connections: 12 });
    await cluster.query('create table witnesses (n int)');
  });

  const count = async () => (await cluster.query<{ n: string }>('select count(*) as n from witnesses'))[0]?.n;

  it('has the options that it was given, and is durable', async () => {
    const rows = await cluster.query(
      "select setting from pg_settings where name in ('fsync', 'max_connections', 'synchronous_commit') order by name",
    );
    expect(rows.map(({ setting }) => setting)).toEqual(['on', '12', 'on']);
  });

  it('keeps what was committed through every way to go down', async () => {
    await cluster.query('insert into witnesses values (1)');
    await cluster.stop('fast');
    await cluster.start();
    await cluster.query('insert into witnesses values (2)');
    await cluster.stop('immediate');
    await cluster.start();
    await cluster.query('insert into witnesses values (3)');
    await cluster.killPostmaster();
    await cluster.start();
    expect(await count()).toBe('3');
  });

  it('comes back by itself when a process of the service is killed', async () => {
    const client = await cluster.connect();
    await client.query("set application_name = 'task-service'");
    expect(await cluster.killBackend()).toBe(true);
    await cluster.accepts();
    await vi.waitFor(async () => expect(await cluster.killBackend()).toBe(false));
    await client.end().catch(() => {});
  });

  it('leaves nothing behind', async () => {
    await cluster.remove();
    expect(processesOn(cluster.folder)).toEqual([]);
  });
});
