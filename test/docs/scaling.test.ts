import { describe, expect, it } from 'vitest';
import { ASSUMPTIONS, figuresFor } from '../../docs/generators/scaling.ts';

/** Round numbers, so that the results can be told without a machine. */
const ROUND = {
  ...ASSUMPTIONS,
  tasksPerUser: 10,
  bytesPerTask: 900,
  bytesPerUser: 1_000,
  diskPerByte: 2,
  activeShare: 0.5,
  requestsPerActiveUserAndDay: 864,
  writeShare: 0.5,
  peak: 2,
  requestsPerServiceCore: 1_000,
  statementsPerDatabaseCore: 1_000,
  coresPerMachine: 5,
  memoryPerMachineGB: 10,
  memoryForRows: 0.5,
  diskPerMachineGB: 10,
  machinesPerPrimary: 2,
  dollarsPerMachineHour: 1,
  dollarsPerServiceCoreHour: 0.1,
  dollarsPerGBMonth: 0.5,
};

describe('the figures of docs/scaling.md', () => {
  it('follow from the assumptions', () => {
    expect(figuresFor(1_000_000, ROUND)).toEqual({
      rows: 10_000_000,
      dataGB: 10,
      diskGB: 20,
      memoryGB: 5,
      requestsPerSecond: 10_000,
      serviceCores: 10,
      databaseCores: 15,
      machines: 3,
      dollarsPerMonth: 3 * 2 * 730 + 10 * 0.1 * 730 + 20 * 2 * 0.5,
    });
  });

  it.each([
    ['cores', { coresPerMachine: 1 }, 15],
    ['memory', { memoryPerMachineGB: 2 }, 5],
    ['disk', { diskPerMachineGB: 5 }, 4],
  ])('have as many machines as the scarcest of their parts asks for: %s', (_part, change, machines) => {
    expect(figuresFor(1_000_000, { ...ROUND, ...change }).machines).toBe(machines);
  });

  it('have two processes at least', () => {
    expect(figuresFor(1, ROUND)).toMatchObject({ serviceCores: 2, databaseCores: 1, machines: 1 });
  });
});
