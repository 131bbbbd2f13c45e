import { beforeAll, describe, expect, it } from 'vitest';
import { dataFolder, processesOn } from '../support/data-folder.ts';
import { freshOwner } from '../support/owners.ts';
import { ProgramProcess, type RunningService, run, SERVICE, startService } from '../support/service-process.ts';
import { createTask, titlesOf } from './task-client.ts';

const owner = freshOwner();
let DATA_DIR: string;

beforeAll(async () => {
  DATA_DIR = await dataFolder();
});

describe('the first start of the service on its embedded database', () => {
  it('is finished before a Ctrl-C takes effect, which then leaves no process behind', async () => {
    const folder = await dataFolder();
    const service = new ProgramProcess(SERVICE, { DATA_DIR: folder });
    await service.told(/Creating/);

    expect(await service.stopGroup('SIGINT')).toBe(0);
    expect(service.stderr).toContain('served on');
    expect(processesOn(folder)).toEqual([]);
  });

  it('makes the database, serves, and leaves no process behind on SIGTERM', async () => {
    const service = await startService({ DATA_DIR });
    await createTask(service.baseUrl, owner, 'Buy milk');

    expect(service.messages).toContain(`Creating a PostgreSQL 18 database in ${DATA_DIR}/pg18`);
    expect(await service.stop('SIGTERM')).toBe(0);
    expect(processesOn(DATA_DIR)).toEqual([]);
  });
});

describe('the second start of the service on its embedded database', () => {
  let service: RunningService;

  beforeAll(async () => {
    service = await startService({ DATA_DIR });
  });

  it('finds the data of the first', async () => {
    expect(service.stderr).not.toContain('Creating');
    expect(await titlesOf(service.baseUrl, owner)).toEqual(['Buy milk']);
  });

  it('does not share the database: another service is refused, is told the process, and does no harm', async () => {
    const { code, messages } = await run(SERVICE, { DATA_DIR });

    expect(code).toBe(1);
    expect(messages).toEqual([expect.stringContaining(`process ${service.pid}:`)]);
    expect(await titlesOf(service.baseUrl, owner)).toEqual(['Buy milk']);
  });

  it('leaves no process behind on SIGINT', async () => {
    expect(await service.stop('SIGINT')).toBe(0);
    expect(processesOn(DATA_DIR)).toEqual([]);
  });
});
