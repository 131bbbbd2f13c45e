import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { dataFolder, processesOn } from '../support/data-folder.ts';
import { type RunningService, run, SERVICE, startService } from '../support/service-process.ts';
import { createTask, titlesOf } from './task-client.ts';

describe('the service that keeps its tasks in memory', () => {
  let DATA_DIR: string;
  let service: RunningService;

  beforeAll(async () => {
    DATA_DIR = await dataFolder();
    service = await startService({ DATA_DIR, STORAGE: 'memory' });
  });

  it('serves without any PostgreSQL', async () => {
    await createTask(service.baseUrl, 'alice', 'Buy milk');

    expect(await titlesOf(service.baseUrl, 'alice')).toEqual(['Buy milk']);
    expect(processesOn(DATA_DIR)).toEqual([]);
    expect(await readdir(DATA_DIR)).toEqual([]);
  });

  it('says that nothing is kept', () => {
    expect(service.stderr).toContain('NOTHING IS KEPT');
  });

  it('says in one line that its port is taken when there are two of it', async () => {
    const { code, messages } = await run(SERVICE, { STORAGE: 'memory', PORT: new URL(service.baseUrl).port });

    expect(code).toBe(1);
    expect(messages).toEqual([expect.stringContaining('PORT')]);
  });

  it.each(['203.0.113.1', 'nowhere.invalid'])('says in one line that it cannot listen on %s', async (host) => {
    const { code, messages } = await run(SERVICE, { STORAGE: 'memory', HOST: host });

    expect(code).toBe(1);
    expect(messages).toEqual([expect.stringContaining('set HOST to')]);
  });
});

describe('the service with wrong settings', () => {
  it('names each of them in a line of its own, and repeats no value', async () => {
    const wrong = { PORT: 'secret-1', LOG_LEVEL: 'secret-2', DATABASE_URL: 'mysql://alice:secret-3@db/tasks' };

    const { code, messages, stdout, stderr } = await run(SERVICE, wrong);

    expect(code).toBe(1);
    expect(messages.map((line) => line.split(' ')[0]).sort()).toEqual(Object.keys(wrong).sort());
    expect(stdout + stderr).not.toContain('secret');
  });
});
