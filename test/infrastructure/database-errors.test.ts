import { describe, expect, it } from 'vitest';
import { StorageUnavailable } from '../../src/application/ports.ts';
import { withStorageErrors } from '../../src/infrastructure/postgres/database-errors.ts';

const errorOf = (error: unknown) => withStorageErrors(Promise.reject(error)).catch((thrown: unknown) => thrown);
const ofServer = (code: string) => Object.assign(new Error('it failed'), { code, severity: 'ERROR' });
const ofNode = (code: string) => Object.assign(new Error('it failed'), { code });

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
    '42501',
    '42P01',
    '40P01',
    '55P03',
    '57014',
    '25006',
  ])('of the state of the server is "unavailable": %s', async (code) => {
    const error = ofServer(code);
    const thrown = await errorOf(error);
    expect(thrown).toBeInstanceOf(StorageUnavailable);
    expect((thrown as Error).cause).toBe(error);
  });

  it.each([
    ofNode('ECONNREFUSED'),
    ofNode('ECONNRESET'),
    ofNode('EPIPE'),
    ofNode('ENOTFOUND'),
    ofNode('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    ofNode('ERR_TLS_CERT_ALTNAME_INVALID'),
    new Error('The server does not support SSL connections'),
    Object.assign(new Error('Knex: Timeout acquiring a connection.'), { name: 'KnexTimeoutError' }),
    new Error('Connection terminated unexpectedly'),
    new Error('Client has encountered a connection error and is not queryable'),
    new Error('timeout exceeded when trying to connect'),
    new Error('Query read timeout'),
  ])('of the way to it is "unavailable": %s', async (error) => {
    expect(await errorOf(error)).toBeInstanceOf(StorageUnavailable);
  });

  it.each([
    ofServer('23505'),
    ofServer('22P02'),
    ofServer('42601'),
    new TypeError('x is not a function'),
    Object.assign(new TypeError('wrong argument'), { code: 'ERR_INVALID_ARG_TYPE' }),
    'text',
  ])('of the statement stays what it is: %s', async (error) => {
    expect(await errorOf(error)).toBe(error);
  });

  it('does not touch an answer', async () => {
    expect(await withStorageErrors(Promise.resolve(7))).toBe(7);
  });
});
