import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { processIdentity, programOf } from '../../../src/infrastructure/embedded-postgres/process-identity.ts';

describe('the identity of a process', () => {
  it('stays the same while the process lives', () => {
    expect(processIdentity(process.pid)).toEqual(expect.any(String));
    expect(processIdentity(process.pid)).toBe(processIdentity(process.pid));
  });

  it('is gone with the process', () => {
    expect(processIdentity(spawnSync('true').pid)).toBeUndefined();
  });
});

describe('the program of a process', () => {
  it('is the one that was started', async () => {
    const child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    try {
      expect(programOf(child.pid ?? 0)).toBe('sleep');
    } finally {
      child.kill();
    }
  });

  it('is unknown for a process that has ended', () => {
    expect(programOf(spawnSync('true').pid)).toBeUndefined();
  });
});
