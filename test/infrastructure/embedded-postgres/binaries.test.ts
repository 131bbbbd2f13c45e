import { describe, expect, it } from 'vitest';
import { findBinaries } from '../../../src/infrastructure/embedded-postgres/binaries.ts';

describe('the programs of the embedded PostgreSQL', () => {
  it.each([
    { platform: 'freebsd', arch: 'x64' },
    { platform: 'linux', arch: 'mips' },
  ] as const)('are missing on $platform-$arch, which one line says together with the way out', async (machine) => {
    const refusal = await findBinaries(machine).catch((error: Error) => error.message);

    expect(refusal).toContain(`${machine.platform}-${machine.arch}`);
    expect(refusal).toContain('DATABASE_URL');
    expect(refusal).not.toContain('\n');
  });
});
