import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { EmbeddedPostgres } from '../../src/infrastructure/embedded-postgres/embedded-postgres.ts';
import { dataFolder, endProcessesOn, processesOn } from '../support/data-folder.ts';
import { freshOwner } from '../support/owners.ts';
import { ProgramProcess, type RunningService, SERVICE, startService } from '../support/service-process.ts';
import { createTask, titlesOf } from './task-client.ts';

describe('the service on its embedded database', () => {
  const owner = freshOwner();
  let DATA_DIR: string;
  let service: RunningService;

  beforeAll(async () => {
    DATA_DIR = await dataFolder();
    service = await startService({ DATA_DIR });
  });

  it('takes over the server that a killed service left behind, and its data', async () => {
    await createTask(service.baseUrl, owner, 'Buy milk');
    const server = processesOn(DATA_DIR);
    await service.stop('SIGKILL');
    expect(processesOn(DATA_DIR)).toEqual(server);

    service = await startService({ DATA_DIR });

    expect(processesOn(DATA_DIR)).toEqual(server);
    expect(await titlesOf(service.baseUrl, owner)).toEqual(['Buy milk']);
  });

  it('stops a server that it took over', async () => {
    expect(await service.stop()).toBe(0);
    expect(processesOn(DATA_DIR)).toEqual([]);
  });

  it('has lost nothing when the server was killed together with the service', async () => {
    service = await startService({ DATA_DIR });
    await createTask(service.baseUrl, owner, 'Buy bread');
    await Promise.all([service.stop('SIGKILL'), endProcessesOn(DATA_DIR, 'SIGKILL')]);

    service = await startService({ DATA_DIR });

    expect(await titlesOf(service.baseUrl, owner)).toEqual(['Buy bread', 'Buy milk']);
  });

  it('is not ready when the server alone was killed, and still stops in order', async () => {
    await endProcessesOn(DATA_DIR, 'SIGKILL');

    const { status } = await fetch(`${service.baseUrl}/readyz`);

    expect(status).toBe(503);
    expect(await service.stop()).toBe(0);
  });
});

describe('a first start that was killed while it made the database', () => {
  it('is no obstacle to the next one', async () => {
    const DATA_DIR = await dataFolder();
    const killed = new ProgramProcess(SERVICE, { DATA_DIR });
    const isUnderWay = async () =>
      expect(await filesBelow(DATA_DIR)).toContainEqual(expect.stringContaining('PG_VERSION'));
    await vi.waitFor(isUnderWay, { timeout: 10_000, interval: 1 });
    await killed.stop('SIGKILL');
    expect(await readdir(DATA_DIR)).not.toContain('pg18');

    const postgres = await EmbeddedPostgres.open({ dataDir: DATA_DIR, report: () => {}, whenInUse: 'refuse' });

    await postgres.close();
    expect((await readdir(DATA_DIR)).sort()).toEqual(['pg18', 'pg18.log', 'pg18.password']);
  });
});

const filesBelow = (folder: string): Promise<string[]> => readdir(folder, { recursive: true }).catch(() => []);
