import { describe, expect, it } from 'vitest';
import { StorageUnavailable } from '../../src/application/ports.ts';
import { withStorageErrors } from '../../src/infrastructure/postgres/database-errors.ts';

const errorOf = (error: unknown) => withStorageErrors(Promise.reject(error)).catch((thrown: unknown) => thrown);
const withCode = (code: string) => Object.assign(new Error('it failed'), { code });

describe('an error of the database', () => {
  it.each([
    '57P01',
    '57P03',
    '53300',
    '53100',
    '08006',
    '08P01',
    '28P01',
    '3D000',
    '42P01',
    '40P01',
    '55P03',
    '57014',
    '25006',
  ])('of the state of the server is "unavailable": %s', async (code) => {
    const error = withCode(code);
    const thrown = await errorOf(error);
    expect(thrown).toBeInstanceOf(StorageUnavailable);
    expect((thrown as Error).cause).toBe(error);
  });

  it.each([
    Object.assign(withCode('ECONNREFUSED'), { syscall: 'connect' }),
    Object.assign(withCode('ECONNRESET'), { syscall: 'read' }),
    Object.assign(withCode('ENOTFOUND'), { syscall: 'getaddrinfo' }),
    Object.assign(new Error('Knex: Timeout acquiring a connection.'), { name: 'KnexTimeoutError' }),
    new Error('Connection terminated unexpectedly'),
    new Error('Client has encountered a connection error and is not queryable'),
    new Error('timeout exceeded when trying to connect'),
    new Error('Query read timeout'),
  ])('of the way to it is "unavailable": %s', async (error) => {
    expect(await errorOf(error)).toBeInstanceOf(StorageUnavailable);
  });

  it.each([withCode('23505'), withCode('22P02'), withCode('42601'), new TypeError('x is not a function'), 'text'])(
    'of the statement stays what it is: %s',
    async (error) => {
      expect(await errorOf(error)).toBe(error);
    },
  );

  it('does not touch an answer', async () => {
    expect(await withStorageErrors(Promise.resolve(7))).toBe(7);
  });
});
