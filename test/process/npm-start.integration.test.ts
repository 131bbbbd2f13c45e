import { beforeAll, describe, expect, it } from 'vitest';
import { dataFolder, processesOn } from '../support/data-folder.ts';
import { startService } from '../support/service-process.ts';

describe('npm start', () => {
  const command = ['npm', 'start'];
  let DATA_DIR: string;

  beforeAll(async () => {
    DATA_DIR = await dataFolder();
  });

  it('ends with exit code 0 on SIGTERM, and leaves no process behind', async () => {
    const npm = await startService({ DATA_DIR }, { command });

    expect(await npm.stop('SIGTERM')).toBe(0);
    expect(processesOn(DATA_DIR)).toEqual([]);
  });

  it('ends with exit code 0 on a Ctrl-C, which the service gets twice, and leaves no process behind', async () => {
    const npm = await startService({ DATA_DIR }, { command });

    expect(await npm.stopGroup('SIGINT')).toBe(0);
    expect(processesOn(DATA_DIR)).toEqual([]);
  });
});
