import { describe, expect, it } from 'vitest';
import { dataFolder, processesOn } from '../support/data-folder.ts';
import { ProgramProcess, startService } from '../support/service-process.ts';

describe.concurrent('npm start', () => {
  const command = ['npm', 'start'];

  it('stops with exit code 0 on SIGTERM, and leaves no process behind', async () => {
    const DATA_DIR = await dataFolder();
    const npm = await startService({ DATA_DIR }, { command });

    expect(await npm.stop('SIGTERM')).toBe(0);
    expect(processesOn(DATA_DIR)).toEqual([]);
  });

  it('ends its first start in order on a Ctrl-C, which comes from the terminal and from npm', async () => {
    const DATA_DIR = await dataFolder();
    const npm = new ProgramProcess(command, { DATA_DIR });
    await npm.told(/Creating/);

    expect(await npm.stopGroup('SIGINT')).toBe(0);
    expect(npm.stderr).toContain('served on');
    expect(processesOn(DATA_DIR)).toEqual([]);
  });
});
